import pytest

from poise.export import pdf
from poise.export.printing import printed
from tests.export.estate import report

pytest.importorskip("weasyprint", reason="the extra `pdf` or the system's Pango is not installed", exc_type=OSError)


def test_a_report_is_printed_as_pdf():
    document = b"".join(pdf.render(report()))
    assert document.startswith(b"%PDF-")
    assert document.rstrip().endswith(b"%%EOF")


def test_printing_fetches_nothing():
    page = '<p>text</p><img src="http://127.0.0.1:9/x.png"><img src="file:///etc/passwd">'
    assert b"passwd" not in printed([page])
