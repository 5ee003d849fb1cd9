"""An ordinary automation account, as it should be: examples change what they are about."""

from poise.model.azure.automation import AutomationAccount
from poise.model.samples.azure_subscription import GROUP, REGION, SUBSCRIPTION

AUTOMATION_ACCOUNT = AutomationAccount(
    id=f"{GROUP}/providers/microsoft.automation/automationaccounts/shop-jobs",
    name="shop-jobs",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={"team": "shop"},
    identity=None,
    identity_principal=None,
    user_identities=(),
    user_identity_principals=(),
    public_network_access=False,
)
