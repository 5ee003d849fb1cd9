"""An ordinary Azure subscription, and the names that the other Azure samples share."""

from poise.model.azure.subscription import AzureSubscription

SUBSCRIPTION = "11112222-3333-4444-5555-666677778888"
TENANT = "aaaabbbb-cccc-dddd-eeee-ffff00001111"
REGION = "westeurope"
HOME = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{HOME}/resourcegroups/shop"
NETWORK_PROVIDER = f"{GROUP}/providers/microsoft.network"

AZURE_SUBSCRIPTION = AzureSubscription(
    id=HOME,
    name="shop-production",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    state="Enabled",
    tenant_id=TENANT,
    offer="EnterpriseAgreement_2014-09-01",
    spending_limit="Off",
    management_groups=(TENANT, "production"),
)
