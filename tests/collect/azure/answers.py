"""Hand-made answers of Azure Resource Manager, true to its published shapes: one small subscription.

Each stands under the path that a reader asks for, below the subscription. Spelling of ids varies on purpose, as ARM's
own does.
"""

from __future__ import annotations

import copy
from typing import Any

SUB = "aaaa1111-2222-3333-4444-555566667777"
HOME = f"/subscriptions/{SUB}"
GROUP = f"{HOME}/resourceGroups/Shop"
SPELT_OTHERWISE = f"/subscriptions/{SUB.upper()}/resourcegroups/SHOP"
TENANT = "bbbb1111-2222-3333-4444-555566667777"
PRINCIPAL = "cccc1111-2222-3333-4444-555566667777"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/shopdata"
SERVER = f"{GROUP}/providers/Microsoft.Sql/servers/shop-sql"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/web1"

SUBSCRIPTION: Any = {
    "id": HOME,
    "subscriptionId": SUB,
    "tenantId": TENANT,
    "displayName": "Shop production",
    "state": "Enabled",
    "subscriptionPolicies": {
        "locationPlacementId": "Public_2014-09-01",
        "quotaId": "PayAsYouGo_2014-09-01",
        "spendingLimit": "Off",
    },
    "authorizationSource": "RoleBased",
    "tags": {"cost": "42"},
}
ANCESTORS: Any = {
    "totalRecords": 1,
    "count": 1,
    "resultTruncated": "false",
    "data": [
        {
            "subscriptionId": SUB,
            "chain": [
                {"name": "production", "displayName": "Production"},
                {"name": TENANT, "displayName": "Tenant Root Group"},
            ],
        }
    ],
}
PRIVATE_CONNECTION: Any = {
    "id": f"{ACCOUNT}/privateEndpointConnections/one",
    "name": "one",
    "type": "Microsoft.Storage/storageAccounts/privateEndpointConnections",
    "properties": {
        "privateEndpoint": {"id": f"{NETWORK}/privateEndpoints/shop"},
        "privateLinkServiceConnectionState": {"status": "Approved", "description": "", "actionsRequired": "None"},
        "provisioningState": "Succeeded",
    },
}
PENDING_CONNECTION: Any = copy.deepcopy(PRIVATE_CONNECTION)
PENDING_CONNECTION["properties"]["privateLinkServiceConnectionState"]["status"] = "Pending"
RULES: Any = {
    "bypass": "Logging, AzureServices",
    "defaultAction": "Deny",
    "ipRules": [{"value": "203.0.113.7", "action": "Allow"}],
    "virtualNetworkRules": [
        {"id": f"{SPELT_OTHERWISE}/providers/Microsoft.Network/virtualNetworks/shop/subnets/web", "action": "Allow"}
    ],
    "resourceAccessRules": [{"tenantId": TENANT, "resourceId": f"{GROUP}/providers/Microsoft.Sql/servers/shop-sql"}],
}
FULL_ACCOUNT: Any = {
    "sku": {"name": "Standard_GZRS", "tier": "Standard"},
    "kind": "StorageV2",
    "id": ACCOUNT,
    "name": "shopdata",
    "type": "Microsoft.Storage/storageAccounts",
    "location": "westeurope",
    "tags": {"team": "shop"},
    "identity": {"type": "SystemAssigned", "principalId": PRINCIPAL, "tenantId": TENANT},
    "properties": {
        "publicNetworkAccess": "Enabled",
        "allowSharedKeyAccess": False,
        "privateEndpointConnections": [PRIVATE_CONNECTION, PENDING_CONNECTION],
        "isSftpEnabled": False,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "isHnsEnabled": True,
        "networkAcls": RULES,
        "supportsHttpsTrafficOnly": True,
        "encryption": {
            "requireInfrastructureEncryption": True,
            "keyvaultproperties": {"keyvaulturi": "https://shop-keys.vault.azure.net", "keyname": "storage"},
            "services": {"blob": {"keyType": "Account", "enabled": True}},
            "keySource": "Microsoft.Keyvault",
        },
        "provisioningState": "Succeeded",
        "creationTime": "2024-03-01T09:00:00.0000000Z",
        "primaryLocation": "westeurope",
        "statusOfPrimary": "available",
    },
}
BARE_ACCOUNT: Any = {
    "sku": {"name": "Standard_LRS", "tier": "Standard"},
    "kind": "Storage",
    "id": f"{SPELT_OTHERWISE}/providers/Microsoft.Storage/storageAccounts/olddata",
    "name": "olddata",
    "type": "Microsoft.Storage/storageAccounts",
    "location": "West Europe",
    "tags": {},
    "properties": {
        "privateEndpointConnections": [],
        "supportsHttpsTrafficOnly": False,
        "provisioningState": "Succeeded",
        "creationTime": "2016-03-01T09:00:00.0000000Z",
    },
}
BLOB_SERVICE: Any = {
    "sku": {"name": "Standard_GZRS", "tier": "Standard"},
    "id": f"{ACCOUNT}/blobServices/default",
    "name": "default",
    "type": "Microsoft.Storage/storageAccounts/blobServices",
    "properties": {
        "cors": {"corsRules": []},
        "deleteRetentionPolicy": {"enabled": True, "days": 14},
        "containerDeleteRetentionPolicy": {"enabled": True, "days": 7},
        "isVersioningEnabled": True,
    },
}
MACHINE_ANSWER: Any = {
    "name": "web1",
    "id": MACHINE,
    "type": "Microsoft.Compute/virtualMachines",
    "location": "westeurope",
    "zones": ["1"],
    "identity": {
        "type": "SystemAssigned, UserAssigned",
        "principalId": PRINCIPAL,
        "userAssignedIdentities": {
            f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web": {
                "principalId": PRINCIPAL,
                "clientId": PRINCIPAL,
            }
        },
    },
    "properties": {
        "vmId": "dddd1111-2222-3333-4444-555566667777",
        "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "jammy", "sku": "22_04-lts", "version": "latest"},
            "osDisk": {
                "osType": "Linux",
                "name": "web1-os",
                "createOption": "FromImage",
                "managedDisk": {"id": f"{GROUP}/providers/Microsoft.Compute/disks/web1-os"},
            },
            "dataDisks": [
                {
                    "lun": 0,
                    "name": "old",
                    "createOption": "Attach",
                    "vhd": {"uri": "https://olddata.blob.core.windows.net/vhds/old.vhd"},
                }
            ],
        },
        "osProfile": {
            "computerName": "web1",
            "adminUsername": "azureuser",
            "linuxConfiguration": {
                "disablePasswordAuthentication": True,
                "ssh": {
                    "publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": "ssh-ed25519 AAAA"}]
                },
            },
        },
        "securityProfile": {
            "encryptionAtHost": True,
            "securityType": "TrustedLaunch",
            "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True},
        },
        "networkProfile": {"networkInterfaces": [{"id": f"{NETWORK}/networkInterfaces/web1-nic"}]},
        "provisioningState": "Succeeded",
    },
    "resources": [{"id": f"{MACHINE}/extensions/agent"}],
}
INTERFACE: Any = {
    "name": "web1-nic",
    "id": f"{NETWORK}/networkInterfaces/web1-nic",
    "type": "Microsoft.Network/networkInterfaces",
    "location": "westeurope",
    "properties": {
        "provisioningState": "Succeeded",
        "ipConfigurations": [
            {
                "name": "ipconfig1",
                "id": f"{NETWORK}/networkInterfaces/web1-nic/ipConfigurations/ipconfig1",
                "properties": {
                    "privateIPAddress": "10.0.1.4",
                    "privateIPAllocationMethod": "Dynamic",
                    "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/web1-ip"},
                    "subnet": {"id": f"{NETWORK}/virtualNetworks/shop/subnets/web"},
                    "applicationSecurityGroups": [{"id": f"{NETWORK}/applicationSecurityGroups/web"}],
                    "loadBalancerBackendAddressPools": [{"id": f"{NETWORK}/loadBalancers/lb/backendAddressPools/web"}],
                    "loadBalancerInboundNatRules": [{"id": f"{NETWORK}/loadBalancers/lb/inboundNatRules/ssh"}],
                },
            }
        ],
        "enableIPForwarding": False,
        "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/web"},
        "virtualMachine": {"id": MACHINE.upper()},
        "privateEndpoint": {"id": f"{NETWORK}/privateEndpoints/shop"},
    },
}
ADDRESS: Any = {
    "name": "web1-ip",
    "id": f"{NETWORK}/publicIPAddresses/web1-ip",
    "type": "Microsoft.Network/publicIPAddresses",
    "location": "westeurope",
    "sku": {"name": "Standard", "tier": "Regional"},
    "properties": {
        "provisioningState": "Succeeded",
        "ipAddress": "20.61.0.10",
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Static",
        "ipConfiguration": {"id": f"{NETWORK}/networkInterfaces/web1-nic/ipConfigurations/ipconfig1"},
        "dnsSettings": {"domainNameLabel": "shop", "fqdn": "shop.westeurope.cloudapp.azure.com"},
    },
}
