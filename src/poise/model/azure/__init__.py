"""Records of Azure assets, one module a service. Ids are in the one spelling of `poise.model.azure.ids`."""
