"""Messages that leave Poise: mail, webhooks and tickets."""
