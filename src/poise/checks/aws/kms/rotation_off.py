"""Customer keys whose material is never renewed.

The longer one key is used, the more data is lost with it. KMS renews the material of a symmetric key by itself and
keeps the old material for decryption: nothing has to be encrypted anew. Keys that KMS cannot renew by itself are left
out: asymmetric and HMAC keys, imported material, custom key stores, and keys that AWS manages.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.kms import KmsKey
from poise.model.samples.aws_kms import KMS_KEY


def evaluate(key: KmsKey) -> Verdict:
    if key.manager == "AWS":
        return not_applicable("AWS manages the key and renews it")
    if key.spec != "SYMMETRIC_DEFAULT":
        return not_applicable("KMS cannot renew a key of this kind", seen=key.spec)
    if key.origin != "AWS_KMS":
        return not_applicable("KMS did not make the key's material", seen=key.origin)
    if key.state in ("PendingDeletion", "PendingReplicaDeletion"):
        return not_applicable("the key is about to be deleted", seen=key.state)
    if key.state == "Disabled":
        return not_applicable("the key is disabled, so nothing is encrypted with it", seen=key.state)
    if key.rotation_enabled:
        return healthy("the material is renewed automatically", seen=key.rotation_period_days)
    return unhealthy("the material is never renewed")


OFF = replace(KMS_KEY, rotation_enabled=False, rotation_period_days=None)


CHECK = Check(
    title="KMS keys should be rotated",
    asset=KmsKey,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the key {name} in the KMS console, tab Key material and rotations, Automatic key rotation, Edit, Enable, Save.",
        cli="aws kms enable-key-rotation --region {region} --key-id {id}",
        terraform="""
resource "aws_kms_key" "this" {
  enable_key_rotation = true
}
""",
        impact="None: KMS keeps the old material for decryption. Each renewal adds to the monthly price of the key, up to the second.",
    ),
    examples=(
        Example("disabled", replace(OFF, state="Disabled"), "not_applicable", "disabled"),
        Example("on", KMS_KEY, "healthy"),
        Example("off", OFF, "unhealthy"),
        Example(
            "managed by AWS", replace(OFF, manager="AWS", unread={"rotation_enabled": "not asked"}), "not_applicable"
        ),
        Example("asymmetric", replace(OFF, spec="RSA_2048", usage="SIGN_VERIFY"), "not_applicable", "renew"),
        Example("HMAC", replace(OFF, spec="HMAC_256", usage="GENERATE_VERIFY_MAC"), "not_applicable", "renew"),
        Example("imported", replace(OFF, origin="EXTERNAL"), "not_applicable", "material"),
        Example("about to be deleted", replace(OFF, state="PendingDeletion"), "not_applicable", "deleted"),
        Example(
            "a replica about to be deleted", replace(OFF, state="PendingReplicaDeletion"), "not_applicable", "deleted"
        ),
        Example("unread", replace(KMS_KEY, unread={"rotation_enabled": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
