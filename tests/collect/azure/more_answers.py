"""Hand-made answers, second part, and the whole of them by the path that a reader asks for."""

from __future__ import annotations

from typing import Any

from tests.collect.azure.answers import (
    ACCOUNT,
    ADDRESS,
    ANCESTORS,
    BARE_ACCOUNT,
    BLOB_SERVICE,
    FULL_ACCOUNT,
    GROUP,
    HOME,
    INTERFACE,
    MACHINE_ANSWER,
    NETWORK,
    OWNER,
    PRINCIPAL,
    PRIVATE_CONNECTION,
    RULES,
    SERVER,
    SPELT_OTHERWISE,
    SUBSCRIPTION,
    TENANT,
)
from tests.collect.azure.identity_answers import identity_answers


def rule(name: str, priority: int, **changes: Any) -> Any:
    """Return an inbound rule that allows TCP 443 from anywhere, with some properties changed."""
    properties = {
        "provisioningState": "Succeeded",
        "protocol": "Tcp",
        "sourcePortRange": "*",
        "destinationPortRange": "443",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "access": "Allow",
        "priority": priority,
        "direction": "Inbound",
    }
    id = f"{NETWORK}/networkSecurityGroups/web/securityRules/{name}"
    return {"name": name, "id": id, "properties": properties | changes}


SECURITY_GROUP: Any = {
    "name": "web",
    "id": f"{NETWORK}/networkSecurityGroups/web",
    "type": "Microsoft.Network/networkSecurityGroups",
    "location": "westeurope",
    "tags": {"team": "shop"},
    "properties": {
        "provisioningState": "Succeeded",
        "securityRules": [
            rule("https", 100),
            rule(
                "many",
                110,
                destinationPortRange="",
                destinationPortRanges=["22", "8000-8010"],
                sourceAddressPrefix="",
                sourceAddressPrefixes=["203.0.113.0/24", "10.0.0.0/8"],
                destinationApplicationSecurityGroups=[{"id": f"{NETWORK}/applicationSecurityGroups/Web"}],
                sourceApplicationSecurityGroups=[{"id": f"{NETWORK}/applicationSecurityGroups/Ops"}],
            ),
        ],
        "defaultSecurityRules": [rule("DenyAllInBound", 65500, access="Deny", protocol="*", destinationPortRange="*")],
        "subnets": [{"id": f"{NETWORK}/virtualNetworks/shop/subnets/web"}],
        "networkInterfaces": [{"id": f"{NETWORK}/networkInterfaces/web1-nic"}],
    },
}
VIRTUAL_NETWORK: Any = {
    "name": "shop",
    "id": f"{NETWORK}/virtualNetworks/shop",
    "type": "Microsoft.Network/virtualNetworks",
    "location": "westeurope",
    "tags": {"team": "shop"},
    "properties": {
        "provisioningState": "Succeeded",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "dhcpOptions": {"dnsServers": ["10.0.0.53"]},
        "enableDdosProtection": False,
        "subnets": [
            {
                "name": "web",
                "id": f"{NETWORK}/virtualNetworks/shop/subnets/web",
                "properties": {
                    "provisioningState": "Succeeded",
                    "addressPrefix": "10.0.1.0/24",
                    "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/web"},
                    "routeTable": {"id": f"{NETWORK}/routeTables/web"},
                    "natGateway": {"id": f"{NETWORK}/natGateways/web"},
                    "serviceEndpoints": [{"service": "Microsoft.Storage", "locations": ["westeurope"]}],
                    "delegations": [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}],
                    "defaultOutboundAccess": False,
                },
            }
        ],
        "virtualNetworkPeerings": [
            {
                "name": "hub",
                "id": f"{NETWORK}/virtualNetworks/shop/virtualNetworkPeerings/hub",
                "properties": {
                    "peeringState": "Connected",
                    "allowForwardedTraffic": True,
                    "allowGatewayTransit": False,
                    "remoteVirtualNetwork": {"id": f"{NETWORK}/virtualNetworks/hub"},
                },
            }
        ],
    },
}
VAULT: Any = {
    "id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/shop-keys",
    "name": "shop-keys",
    "type": "Microsoft.KeyVault/vaults",
    "location": "westeurope",
    "tags": {},
    "properties": {
        "sku": {"family": "A", "name": "premium"},
        "tenantId": TENANT,
        "accessPolicies": [
            {
                "tenantId": TENANT,
                "objectId": PRINCIPAL,
                "permissions": {"keys": ["get"], "secrets": ["get", "list"], "certificates": []},
            }
        ],
        "enabledForDeployment": False,
        "enabledForTemplateDeployment": False,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": 90,
        "enableRbacAuthorization": False,
        "enablePurgeProtection": True,
        "networkAcls": {k: v for k, v in RULES.items() if k != "resourceAccessRules"} | {"bypass": "AzureServices"},
        "publicNetworkAccess": "Enabled",
        "privateEndpointConnections": [PRIVATE_CONNECTION],
        "vaultUri": "https://shop-keys.vault.azure.net/",
        "provisioningState": "Succeeded",
    },
}
SERVER_ANSWER: Any = {
    "kind": "v12.0",
    "identity": {"type": "SystemAssigned", "principalId": PRINCIPAL, "tenantId": TENANT},
    "location": "westeurope",
    "tags": {"team": "shop"},
    "id": SERVER,
    "name": "shop-sql",
    "type": "Microsoft.Sql/servers",
    "properties": {
        "administratorLogin": "sqladmin",
        "version": "12.0",
        "state": "Ready",
        "fullyQualifiedDomainName": "shop-sql.database.windows.net",
        "privateEndpointConnections": [{k: v for k, v in PRIVATE_CONNECTION.items() if k in ("id", "properties")}],
        "minimalTlsVersion": "1.2",
        "publicNetworkAccess": "Enabled",
    },
}
FIREWALL: Any = {
    "value": [
        {
            "id": f"{SERVER}/firewallRules/office",
            "name": "office",
            "type": "Microsoft.Sql/servers/firewallRules",
            "properties": {"startIpAddress": "203.0.113.0", "endIpAddress": "203.0.113.255"},
        }
    ]
}
NETWORK_RULES: Any = {
    "value": [
        {
            "id": f"{SERVER}/virtualNetworkRules/web",
            "name": "web",
            "type": "Microsoft.Sql/servers/virtualNetworkRules",
            "properties": {
                "virtualNetworkSubnetId": f"{NETWORK}/virtualNetworks/shop/subnets/web",
                "ignoreMissingVnetServiceEndpoint": False,
                "state": "Ready",
            },
        }
    ]
}
AUDITING: Any = {
    "id": f"{SERVER}/auditingSettings/Default",
    "name": "Default",
    "type": "Microsoft.Sql/servers/auditingSettings",
    "properties": {
        "state": "Enabled",
        "storageEndpoint": "https://shopdata.blob.core.windows.net/",
        "retentionDays": 90,
        "isAzureMonitorTargetEnabled": True,
    },
}
ADMINISTRATORS: Any = {
    "value": [
        {
            "id": f"{SERVER}/administrators/ActiveDirectory",
            "name": "ActiveDirectory",
            "type": "Microsoft.Sql/servers/administrators",
            "properties": {
                "administratorType": "ActiveDirectory",
                "login": "sql-admins",
                "sid": PRINCIPAL,
                "tenantId": TENANT,
                "azureADOnlyAuthentication": True,
            },
        }
    ]
}
DATABASE: Any = {
    "sku": {"name": "GP_S_Gen5", "tier": "GeneralPurpose", "family": "Gen5", "capacity": 2},
    "kind": "v12.0,user,vcore,serverless",
    "location": "westeurope",
    "tags": {"team": "shop"},
    "id": f"{SERVER}/databases/orders",
    "name": "orders",
    "type": "Microsoft.Sql/servers/databases",
    "properties": {"status": "Online", "zoneRedundant": True, "currentBackupStorageRedundancy": "Geo"},
}
ENCRYPTION: Any = {
    "id": f"{SERVER}/databases/orders/transparentDataEncryption/current",
    "name": "current",
    "type": "Microsoft.Sql/servers/databases/transparentDataEncryption",
    "properties": {"state": "Enabled"},
}
ASSIGNMENT: Any = {
    "id": f"{HOME}/providers/Microsoft.Authorization/roleAssignments/eeee1111-2222-3333-4444-555566667777",
    "name": "eeee1111-2222-3333-4444-555566667777",
    "type": "Microsoft.Authorization/roleAssignments",
    "properties": {
        "roleDefinitionId": f"{HOME}/providers/Microsoft.Authorization/roleDefinitions/{OWNER}",
        "principalId": PRINCIPAL,
        "principalType": "User",
        "scope": HOME.upper(),
        "condition": "((!(ActionMatches{'x'})))",
        "createdOn": "2024-03-01T09:00:00.0000000Z",
        "createdBy": PRINCIPAL,
    },
}
DEFINITION: Any = {
    "id": f"{HOME}/providers/Microsoft.Authorization/roleDefinitions/{OWNER}",
    "name": OWNER,
    "type": "Microsoft.Authorization/roleDefinitions",
    "properties": {
        "roleName": "Owner",
        "type": "BuiltInRole",
        "description": "Everything.",
        "assignableScopes": ["/"],
        "permissions": [{"actions": ["*"], "notActions": [], "dataActions": [], "notDataActions": []}],
    },
}

VAULT_KEY: Any = {
    "id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/shop-keys/keys/disks",
    "name": "disks",
    "type": "Microsoft.KeyVault/vaults/keys",
    "location": "westeurope",
    "properties": {
        "attributes": {"enabled": True, "exp": 1798761600, "created": 1700000000, "updated": 1700000000},
        "kty": "RSA",
        "keySize": 3072,
        "keyUri": "https://shop-keys.vault.azure.net/keys/disks",
    },
}
ROTATION: Any = {
    "attributes": {"expiryTime": "P1Y"},
    "lifetimeActions": [
        {"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "rotate"}},
        {"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "notify"}},
    ],
}
ADMIN_RULES: Any = {
    "value": [
        {
            "id": f"{NETWORK}/networkManagers/org/securityAdminConfigurations/c/ruleCollections/r/rules/no-ssh",
            "kind": "Custom",
            "configurationDescription": "",
            "ruleCollectionAppliesToGroups": [{"networkGroupId": f"{NETWORK}/networkManagers/org/networkGroups/all"}],
            "properties": {
                "displayName": "no ssh",
                "protocol": "Tcp",
                "sources": [{"addressPrefix": "Internet", "addressPrefixType": "ServiceTag"}],
                "destinations": [{"addressPrefix": "*", "addressPrefixType": "IPPrefix"}],
                "sourcePortRanges": ["0-65535"],
                "destinationPortRanges": ["22"],
                "access": "Deny",
                "priority": 10,
                "direction": "Inbound",
                "provisioningState": "Succeeded",
            },
        }
    ],
    "skipToken": "",
}
ROUTE_TABLE: Any = {
    "name": "web",
    "id": f"{NETWORK}/routeTables/web",
    "type": "Microsoft.Network/routeTables",
    "location": "westeurope",
    "tags": {},
    "properties": {
        "provisioningState": "Succeeded",
        "disableBgpRoutePropagation": False,
        "routes": [
            {
                "name": "out",
                "id": f"{NETWORK}/routeTables/web/routes/out",
                "properties": {
                    "provisioningState": "Succeeded",
                    "addressPrefix": "0.0.0.0/0",
                    "nextHopType": "VirtualAppliance",
                    "nextHopIpAddress": "10.0.9.4",
                },
            },
            {
                "name": "drop",
                "id": f"{NETWORK}/routeTables/web/routes/drop",
                "properties": {"addressPrefix": "192.0.2.0/24", "nextHopType": "None"},
            },
        ],
        "subnets": [{"id": f"{NETWORK}/virtualNetworks/shop/subnets/web"}],
    },
}
FIREWALL_ADDRESS: Any = {
    "name": "hub",
    "id": f"{NETWORK}/azureFirewalls/hub/azureFirewallIpConfigurations/hub",
    "properties": {
        "provisioningState": "Succeeded",
        "privateIPAddress": "10.0.9.4",
        "subnet": {"id": f"{NETWORK}/virtualNetworks/shop/subnets/AzureFirewallSubnet"},
        "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/hub-ip"},
    },
}
NAT_RULE: Any = {
    "name": "ssh",
    "sourceAddresses": ["203.0.113.0/24"],
    "destinationAddresses": ["20.61.0.99"],
    "destinationPorts": ["2222"],
    "protocols": ["TCP"],
    "translatedAddress": "10.0.1.4",
    "translatedPort": "22",
}
FIREWALLS: Any = [
    {
        "name": "hub",
        "id": f"{NETWORK}/azureFirewalls/hub",
        "type": "Microsoft.Network/azureFirewalls",
        "location": "westeurope",
        "tags": {},
        "properties": {
            "provisioningState": "Succeeded",
            "threatIntelMode": "Deny",
            "ipConfigurations": [FIREWALL_ADDRESS],
            "natRuleCollections": [
                {
                    "name": "in",
                    "id": f"{NETWORK}/azureFirewalls/hub/natRuleCollections/in",
                    "properties": {"priority": 100, "action": {"type": "Dnat"}, "rules": [NAT_RULE]},
                }
            ],
        },
    },
    {
        "name": "byPolicy",
        "id": f"{NETWORK}/azureFirewalls/byPolicy",
        "type": "Microsoft.Network/azureFirewalls",
        "location": "westeurope",
        "tags": {},
        "properties": {
            "provisioningState": "Succeeded",
            "ipConfigurations": [FIREWALL_ADDRESS],
            "firewallPolicy": {"id": f"{NETWORK}/firewallPolicies/hub"},
        },
    },
]
FIREWALL_POLICY: Any = {
    "name": "hub",
    "id": f"{NETWORK}/firewallPolicies/hub",
    "type": "Microsoft.Network/firewallPolicies",
    "location": "westeurope",
    "tags": {},
    "properties": {
        "provisioningState": "Succeeded",
        "threatIntelMode": "Alert",
        "basePolicy": {"id": f"{NETWORK}/firewallPolicies/all"},
    },
}
RULE_GROUPS: Any = {
    "value": [
        {
            "name": "in",
            "id": f"{NETWORK}/firewallPolicies/hub/ruleCollectionGroups/in",
            "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            "properties": {
                "provisioningState": "Succeeded",
                "priority": 100,
                "ruleCollections": [
                    {
                        "name": "translate",
                        "priority": 100,
                        "ruleCollectionType": "FirewallPolicyNatRuleCollection",
                        "action": {"type": "DNAT"},
                        "rules": [
                            {
                                "ruleType": "NatRule",
                                "name": "web",
                                "ipProtocols": ["TCP", "UDP"],
                                "sourceAddresses": [],
                                "sourceIpGroups": [f"{NETWORK}/ipGroups/Offices"],
                                "destinationAddresses": ["20.61.0.99"],
                                "destinationPorts": ["443"],
                                "translatedFqdn": "web.internal",
                                "translatedPort": "8443",
                            }
                        ],
                    },
                    {
                        "name": "pass",
                        "priority": 200,
                        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
                        "action": {"type": "Allow"},
                        "rules": [
                            {
                                "ruleType": "NetworkRule",
                                "name": "dns",
                                "ipProtocols": ["UDP"],
                                "sourceAddresses": ["*"],
                                "destinationAddresses": ["*"],
                                "destinationPorts": ["53"],
                            }
                        ],
                    },
                ],
            },
        }
    ]
}
WEB_GATEWAY = f"{NETWORK}/applicationGateways/shop"
PUBLIC_FRONT: Any = {
    "name": "public",
    "id": f"{WEB_GATEWAY}/frontendIPConfigurations/public",
    "properties": {
        "privateIPAllocationMethod": "Dynamic",
        "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/shop-ip"},
    },
}


def inside(owner: str, kind: str, name: str, **properties: Any) -> Any:
    return {"name": name, "id": f"{owner}/{kind}/{name}", "properties": properties}


def to(owner: str, kind: str, name: str) -> Any:
    return {"id": f"{owner}/{kind}/{name}"}


TO_WEB: Any = {
    "backendAddressPool": to(WEB_GATEWAY, "backendAddressPools", "web"),
    "backendHttpSettings": to(WEB_GATEWAY, "backendHttpSettingsCollection", "https"),
}
APPLICATION_GATEWAY: Any = {
    "name": "shop",
    "id": WEB_GATEWAY,
    "type": "Microsoft.Network/applicationGateways",
    "location": "westeurope",
    "tags": {},
    "properties": {
        "provisioningState": "Succeeded",
        "sku": {"name": "WAF_v2", "tier": "WAF_v2"},
        "gatewayIPConfigurations": [
            inside(
                WEB_GATEWAY,
                "gatewayIPConfigurations",
                "gateway",
                subnet={"id": f"{NETWORK}/virtualNetworks/shop/subnets/gateway"},
            )
        ],
        "frontendIPConfigurations": [PUBLIC_FRONT],
        "frontendPorts": [inside(WEB_GATEWAY, "frontendPorts", "443", port=443)],
        "backendAddressPools": [
            inside(WEB_GATEWAY, "backendAddressPools", "web", backendAddresses=[{"ipAddress": "10.0.1.4"}]),
            inside(WEB_GATEWAY, "backendAddressPools", "old", backendAddresses=[{"fqdn": "old.example"}]),
        ],
        "backendHttpSettingsCollection": [
            inside(WEB_GATEWAY, "backendHttpSettingsCollection", "https", port=8443, protocol="Https")
        ],
        "httpListeners": [
            inside(
                WEB_GATEWAY,
                "httpListeners",
                "https",
                frontendIPConfiguration=to(WEB_GATEWAY, "frontendIPConfigurations", "public"),
                frontendPort=to(WEB_GATEWAY, "frontendPorts", "443"),
                protocol="Https",
            )
        ],
        "urlPathMaps": [
            inside(
                WEB_GATEWAY,
                "urlPathMaps",
                "paths",
                defaultBackendAddressPool=TO_WEB["backendAddressPool"],
                defaultBackendHttpSettings=TO_WEB["backendHttpSettings"],
                pathRules=[
                    inside(
                        WEB_GATEWAY,
                        "urlPathMaps/paths/pathRules",
                        "old",
                        paths=["/old/*"],
                        backendAddressPool=to(WEB_GATEWAY, "backendAddressPools", "old"),
                        backendHttpSettings=TO_WEB["backendHttpSettings"],
                    )
                ],
            )
        ],
        "requestRoutingRules": [
            inside(
                WEB_GATEWAY,
                "requestRoutingRules",
                "plain",
                ruleType="Basic",
                httpListener=to(WEB_GATEWAY, "httpListeners", "https"),
                **TO_WEB,
            ),
            inside(
                WEB_GATEWAY,
                "requestRoutingRules",
                "paths",
                ruleType="PathBasedRouting",
                httpListener=to(WEB_GATEWAY, "httpListeners", "https"),
                urlPathMap=to(WEB_GATEWAY, "urlPathMaps", "paths"),
            ),
        ],
        "webApplicationFirewallConfiguration": {
            "enabled": True,
            "firewallMode": "Detection",
            "ruleSetType": "OWASP",
            "ruleSetVersion": "3.2",
        },
        "firewallPolicy": {"id": f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies/shop"},
    },
}
BALANCER = f"{NETWORK}/loadBalancers/shop"
LOAD_BALANCER: Any = {
    "name": "shop",
    "id": BALANCER,
    "type": "Microsoft.Network/loadBalancers",
    "location": "westeurope",
    "tags": {},
    "sku": {"name": "Standard"},
    "properties": {
        "provisioningState": "Succeeded",
        "frontendIPConfigurations": [
            inside(
                BALANCER,
                "frontendIPConfigurations",
                "public",
                publicIPAddress={"id": f"{NETWORK}/publicIPAddresses/balancer-ip"},
            )
        ],
        "backendAddressPools": [
            inside(
                BALANCER,
                "backendAddressPools",
                "web",
                loadBalancerBackendAddresses=[{"name": "one", "properties": {"ipAddress": "10.0.1.7"}}],
            )
        ],
        "loadBalancingRules": [
            inside(
                BALANCER,
                "loadBalancingRules",
                "https",
                frontendIPConfiguration=to(BALANCER, "frontendIPConfigurations", "public"),
                frontendPort=443,
                backendPort=8443,
                protocol="Tcp",
                backendAddressPool=to(BALANCER, "backendAddressPools", "web"),
                backendAddressPools=[to(BALANCER, "backendAddressPools", "web")],
            )
        ],
        "inboundNatRules": [
            inside(
                BALANCER,
                "inboundNatRules",
                "ssh",
                frontendIPConfiguration=to(BALANCER, "frontendIPConfigurations", "public"),
                frontendPort=50022,
                backendPort=22,
                protocol="Tcp",
            )
        ],
    },
}


def answers() -> dict[str, Any]:
    """Return path of the call -> answer, for a subscription in which everything can be read."""
    network, sql = f"{HOME}/providers/Microsoft.Network", f"{HOME}/providers/Microsoft.Sql"
    old = f"{SPELT_OTHERWISE}/providers/Microsoft.Storage/storageAccounts/olddata"
    return {
        "/subscriptions": {"value": [SUBSCRIPTION]},
        HOME: SUBSCRIPTION,
        "/providers/Microsoft.ResourceGraph/resources": ANCESTORS,
        f"{HOME}/providers/Microsoft.Storage/storageAccounts": {"value": [FULL_ACCOUNT, BARE_ACCOUNT]},
        f"{ACCOUNT}/blobServices/default": BLOB_SERVICE,
        f"{old}/blobServices/default": BLOB_SERVICE | {"properties": {"deleteRetentionPolicy": {"enabled": False}}},
        f"{HOME}/providers/Microsoft.Compute/virtualMachines": {"value": [MACHINE_ANSWER]},
        f"{network}/networkInterfaces": {"value": [INTERFACE]},
        f"{network}/publicIPAddresses": {"value": [ADDRESS]},
        f"{network}/networkSecurityGroups": {"value": [SECURITY_GROUP]},
        f"{network}/virtualNetworks": {"value": [VIRTUAL_NETWORK]},
        f"{NETWORK}/virtualNetworks/shop/listNetworkManagerEffectiveSecurityAdminRules": ADMIN_RULES,
        f"{network}/routeTables": {"value": [ROUTE_TABLE]},
        f"{network}/azureFirewalls": {"value": FIREWALLS},
        f"{network}/firewallPolicies": {"value": [FIREWALL_POLICY]},
        f"{NETWORK}/firewallPolicies/hub/ruleCollectionGroups": RULE_GROUPS,
        f"{network}/applicationGateways": {"value": [APPLICATION_GATEWAY]},
        f"{network}/loadBalancers": {"value": [LOAD_BALANCER]},
        f"{HOME}/providers/Microsoft.KeyVault/vaults": {"value": [VAULT]},
        f"{GROUP}/providers/Microsoft.KeyVault/vaults/shop-keys/keys": {"value": [VAULT_KEY]},
        VAULT_KEY["id"]: VAULT_KEY | {"properties": VAULT_KEY["properties"] | {"rotationPolicy": ROTATION}},
        f"{sql}/servers": {"value": [SERVER_ANSWER]},
        f"{SERVER}/firewallRules": FIREWALL,
        f"{SERVER}/virtualNetworkRules": NETWORK_RULES,
        f"{SERVER}/auditingSettings/default": AUDITING,
        f"{SERVER}/administrators": ADMINISTRATORS,
        f"{SERVER}/databases": {"value": [DATABASE]},
        f"{SERVER}/databases/orders/transparentDataEncryption/current": ENCRYPTION,
        f"{HOME}/providers/Microsoft.Authorization/roleAssignments": {"value": [ASSIGNMENT]},
        f"{HOME}/providers/Microsoft.Authorization/roleDefinitions": {"value": [DEFINITION]},
        **identity_answers(),
    }
