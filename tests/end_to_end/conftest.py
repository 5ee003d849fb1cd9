"""A real browser for the tests of the pages."""

from tests.browser import browser, context, page, pytest_report_header, reader
from tests.end_to_end.pages_site import pages_workspace, site
from tests.sample import sample_store

__all__ = ["browser", "context", "page", "pages_workspace", "pytest_report_header", "reader", "sample_store", "site"]
