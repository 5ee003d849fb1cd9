"""Texts with the secret that stands in each, and texts that only look as if one did.

The values are made here from a fixed seed: none was ever valid, and no scanner of repositories stumbles over them.
"""

import base64
import json
import random
import string
import zlib

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
B64 = string.ascii_letters + string.digits + "+/"
_dice = random.Random(20)


def some(count, letters=BASE62):
    """Return a text as mixed as a key: every class of letters at least once."""
    while True:
        text = "".join(_dice.choice(letters) for _ in range(count))
        classes = (string.digits, string.ascii_uppercase, string.ascii_lowercase)
        if all(set(text) & set(c) for c in classes if set(c) & set(letters)) and "xxxxxx" not in text.lower():
            return text


def crc_token(prefix):
    """Return a token that ends in its checksum, as GitHub and npm make them."""
    body = some(30)
    value, digits = zlib.crc32(body.encode()), ""
    while value:
        value, rest = divmod(value, 62)
        digits = BASE62[rest] + digits
    return prefix + body + digits.rjust(6, "0")


def web_token(**claims):
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*encoded, some(86)])


def annotated(mark):
    return some(52) + "JQQJ99" + some(18) + mark + some(4)


KEY_ID = "AKIA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
SECRET = some(40, B64)
KEY_44 = some(43, B64) + "="
KEY_88 = some(86, B64) + "=="
HEX_32 = some(32, "0123456789abcdef")
SIGNATURE = some(43, BASE62) + "%3D"
PASSWORD = "Tr0ub4dor-" + some(6)
PEM = "\n".join(some(64, B64) for _ in range(6))

SECRETS = [
    ("AWS access keys", "aws_access_key_id", f"id: {KEY_ID}\n", KEY_ID),
    ("AWS access keys", "aws_secret_access_key", f"aws_secret_access_key = {SECRET}\n", SECRET),
    ("AWS access keys", "aws_secret_access_key", f'export AWS_SECRET_ACCESS_KEY="{SECRET}"\n', SECRET),
    ("AWS access keys", "aws_secret_access_key", f'"SecretAccessKey": "{SECRET}"', SECRET),
    ("AWS access keys", "aws_secret_access_key", f"{KEY_ID},{SECRET}\n", SECRET),
    ("AWS access keys", "aws_secret_access_key", f"aws configure set aws_secret_access_key {SECRET}", SECRET),
    (
        "Amazon Marketplace Web Service (MWS) Access Key",
        "aws_mws_key",
        "amzn.mws.4ea38b7b-f563-7709-4bae-87aea15c1b2d",
        "amzn.mws.4ea38b7b-f563-7709-4bae-87aea15c1b2d",
    ),
    (
        "AWS S3 presigned URL",
        "aws_presigned_url",
        f"https://b.s3.amazonaws.com/k?X-Amz-Expires=600&X-Amz-Signature={HEX_32}{HEX_32}&x=1",
        HEX_32 + HEX_32,
    ),
    (
        "AWS S3 presigned URL",
        "aws_presigned_url",
        f"https://b.s3.amazonaws.com/k?AWSAccessKeyId={KEY_ID}&Expires=1700000000&Signature={some(27)}%3D",
        None,
    ),
    (
        "AWS RDS connection string",
        "aws_rds_connection_string",
        f"postgresql://app:{PASSWORD}@orders.c1x2.eu-west-1.rds.amazonaws.com:5432/orders",
        PASSWORD,
    ),
    (
        "AWS RDS connection string",
        "aws_rds_connection_string",
        f"Server=orders.c1x2.eu-west-1.rds.amazonaws.com,1433;Database=o;User Id=app;Password={PASSWORD};",
        PASSWORD,
    ),
    (
        "AWS Redshift credentials",
        "aws_redshift_password",
        f"jdbc:redshift://dw.c1x2.eu-west-1.redshift.amazonaws.com:5439/dev?user=etl&password={PASSWORD}",
        PASSWORD,
    ),
    (
        "Azure SQL connection strings",
        "azure_sql_connection_string",
        f"Server=tcp:s.database.windows.net,1433;Initial Catalog=d;User ID=a;Password={PASSWORD};Encrypt=True;",
        PASSWORD,
    ),
    (
        "Azure SQL connection strings",
        "azure_sql_connection_string",
        f"User ID=a;Password={PASSWORD};Initial Catalog=d;Server=tcp:s.database.windows.net,1433;",
        PASSWORD,
    ),
    (
        "Azure database for PostgreSQL",
        "azure_postgresql_password",
        f"postgres://a%40s:{PASSWORD}@s.postgres.database.azure.com:5432/d?sslmode=require",
        PASSWORD,
    ),
    (
        "Azure database for PostgreSQL",
        "azure_postgresql_password",
        f"host=s.postgres.database.azure.com port=5432 dbname=d user=a password={PASSWORD} sslmode=require",
        PASSWORD,
    ),
    (
        "Azure database for MySQL",
        "azure_mysql_password",
        f"Server=s.mysql.database.azure.com;UserID=a;Password={PASSWORD};Database=d;",
        PASSWORD,
    ),
    (
        "Azure Cosmos DB, including PostgreSQL and MySQL",
        "azure_cosmos_key",
        f"AccountEndpoint=https://c.documents.azure.com:443/;AccountKey={KEY_88};",
        KEY_88,
    ),
    (
        "Azure Cosmos DB, including PostgreSQL and MySQL",
        "azure_cosmos_password",
        f"host=c-x.postgres.cosmos.azure.com port=5432 user=citus password={PASSWORD} sslmode=require",
        PASSWORD,
    ),
    (
        "Azure storage account connection strings",
        "azure_storage_key",
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={KEY_88};EndpointSuffix=core.windows.net",
        KEY_88,
    ),
    ("Azure storage account connection strings", "azure_storage_key", f"AZURE_STORAGE_KEY={KEY_88}", KEY_88),
    (
        "Azure storage account SAS tokens",
        "azure_storage_signature",
        f"https://a.blob.core.windows.net/c?sv=2024-11-04&ss=b&srt=o&sp=r&se=2027-01-01T00:00:00Z&sig={SIGNATURE}",
        SIGNATURE,
    ),
    ("Microsoft Entra ID Client Secret", "entra_client_secret", "x: " + some(3) + "8Q~" + some(34), None),
    (
        "Microsoft Entra user Credentials",
        "entra_user_password",
        f"az login -u a@b.onmicrosoft.com -p '{PASSWORD}'",
        PASSWORD,
    ),
    ("Azure DevOps Personal Access Token", "azure_devops_token", f"pat {annotated('AZDO')} ", None),
    (
        "Azure DevOps Personal Access Token",
        "azure_devops_token",
        "git clone https://me:" + some(52, "abcdefghijklmnopqrstuvwxyz234567") + "@dev.azure.com/o/p/_git/r",
        None,
    ),
    (
        "Azure DevOps App Secret",
        "azure_devops_app_secret",
        "url: https://app.vssps.visualstudio.com/oauth2/token\nclient_secret: eyJ" + some(90),
        None,
    ),
    ("GitHub Personal Access Token", "github_token", f"token {crc_token('ghp_')}", None),
    ("GitHub Personal Access Token", "github_token", "github_pat_" + some(22) + "_" + some(59), None),
    ("NPM Author Token", "npm_token", f"//registry.example.org/:_authToken={crc_token('npm_')}", None),
    ("Travis personal token", "travis_token", f"travis_api_token: {some(22)}\n", None),
    ("Slack access token", "slack_token", "xox" + "b-123456789012-123456789012-" + some(24), None),
    ("OpenAI API Key", "openai_key", "sk-" + some(20) + "T3BlbkFJ" + some(20), None),
    ("GCP API Key", "google_api_key", "AIza" + some(35), None),
    (
        "Google storage signed URL",
        "google_signed_url",
        f"https://storage.googleapis.com/b/o?X-Goog-Expires=900&X-Goog-Signature={HEX_32 * 8}",
        HEX_32 * 8,
    ),
    (
        "Google storage signed URL",
        "google_signed_url",
        f"https://storage.googleapis.com/b/o?GoogleAccessId=s@p.iam.gserviceaccount.com&Expires=1&Signature={some(88)}",
        None,
    ),
    (
        "Azure App Configuration Access Key",
        "azure_app_configuration_key",
        f"Endpoint=https://c.azconfig.io;Id=a-l0-s0:x;Secret={KEY_44}",
        KEY_44,
    ),
    ("Azure Cognitive Service Key", "azure_cognitive_key", f"COGNITIVE_SERVICES_KEY={HEX_32}", HEX_32),
    ("Azure Cognitive Service Key", "azure_cognitive_key", f"key: {annotated('ACOG')}", None),
    (
        "Azure Container Registry Access Key",
        "azure_container_registry_key",
        f"docker login r.azurecr.io -u r -p {some(42)}+ACR{some(6)}",
        None,
    ),
    (
        "Azure App Service Deployment Password",
        "azure_app_service_password",
        f'<publishProfile userName="$site" userPWD="{some(60)}" />',
        None,
    ),
    ("Azure Databricks Personal Access Token", "databricks_token", f"dapi{HEX_32}-2", None),
    (
        "Azure SignalR Access Key",
        "azure_signalr_key",
        f"Endpoint=https://s.service.signalr.net;AccessKey={KEY_44};Version=1.0;",
        KEY_44,
    ),
    (
        "Azure Web PubSub Access Key",
        "azure_web_pubsub_key",
        f"Endpoint=https://p.webpubsub.azure.com;AccessKey={KEY_44};Version=1.0;",
        KEY_44,
    ),
    (
        "Azure API Management Subscription Key",
        "azure_api_management_key",
        f"Ocp-Apim-Subscription-Key: {HEX_32}",
        HEX_32,
    ),
    (
        "Azure Bot Framework Secret Key",
        "azure_bot_key",
        f"https://directline.botframework.com/v3 Authorization: Bearer {some(11)}.{some(43)}",
        None,
    ),
    (
        "Azure Machine Learning Web Service API Key",
        "azure_machine_learning_key",
        f"https://ussouthcentral.services.azureml.net/w/1\napi_key = '{KEY_88}'",
        KEY_88,
    ),
    (
        "Azure Communication Services Access Key",
        "azure_communication_key",
        f"endpoint=https://c.communication.azure.com/;accesskey={KEY_88}",
        KEY_88,
    ),
    ("Azure Event Grid Access Key", "azure_event_grid_key", f"aeg-sas-key: {KEY_44}", KEY_44),
    (
        "Azure Maps Subscription Key",
        "azure_maps_key",
        f"https://atlas.microsoft.com/map/tile?api-version=2.1&subscription-key={some(43)}",
        None,
    ),
    (
        "Azure Batch Shared Access Key",
        "azure_batch_key",
        f"BatchUrl=https://b.we.batch.azure.com;BatchName=b;BatchKey={KEY_88}",
        KEY_88,
    ),
    (
        "Azure Subscription Management Certificate",
        "azure_management_certificate",
        f'<Subscription ManagementCertificate="{some(900, B64)}" />',
        None,
    ),
    ("ASP.NET Machine Key", "aspnet_machine_key", f'<machineKey validationKey="{HEX_32.upper() * 4}" />', None),
    ("HTTP Authorization Header", "authorization_header", f"curl -H 'Authorization: Bearer {some(40)}' u", None),
    (
        "Azure Redis Cache password",
        "azure_redis_password",
        f"r.redis.cache.windows.net:6380,password={KEY_44},ssl=True,abortConnect=False",
        KEY_44,
    ),
    (
        "Azure IoT Shared Access Key",
        "azure_iot_key",
        f"HostName=h.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey={KEY_44}",
        KEY_44,
    ),
    (
        "Azure Function API Key",
        "azure_function_key",
        f"https://f.azurewebsites.net/api/run?code={some(54)}%3D%3D",
        None,
    ),
    (
        "Azure Shared Access Key",
        "azure_shared_access_key",
        f"Endpoint=sb://n.example.net/;SharedAccessKeyName=root;SharedAccessKey={KEY_44}",
        KEY_44,
    ),
    (
        "Azure Service Bus Shared Access Signature",
        "azure_shared_access_signature",
        f"SharedAccessSignature sr=sb%3A%2F%2Fn.servicebus.windows.net&sig={SIGNATURE}&se=1700000000&skn=root",
        SIGNATURE,
    ),
    (
        "Azure Logic App Shared Access Signature",
        "azure_logic_app_signature",
        f"https://p.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?sp=%2F&sv=1.0&sig={some(43)}",
        None,
    ),
    (
        "Azure Active Directory Access Token",
        "entra_access_token",
        web_token(iss="https://sts.windows.net/11111111-2222-3333-4444-555555555555/", exp=1),
        None,
    ),
    (
        "Insecure SSH private keys",
        "ssh_private_key",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{PEM}\n-----END OPENSSH PRIVATE KEY-----",
        None,
    ),
    ("Private key", "private_key", f"-----BEGIN RSA PRIVATE KEY-----\n{PEM}\n-----END RSA PRIVATE KEY-----", None),
    ("Private key", "private_key", "-----BEGIN PRIVATE KEY-----\\n" + PEM.replace("\n", "\\n") + "\\n-----END", None),
    (
        "ODBC connection string",
        "odbc_connection_string",
        f"Driver={{SQL Server}};Server=s;Uid=a;Pwd={PASSWORD};",
        PASSWORD,
    ),
    ("User login credentials", "user_login", f"echo 'root:{PASSWORD}' | chpasswd", PASSWORD),
    ("User login credentials", "user_login", f"net user deploy {PASSWORD} /add", PASSWORD),
    ("User login credentials", "user_login", f'ConvertTo-SecureString "{PASSWORD}" -AsPlainText -Force', PASSWORD),
    ("User login credentials", "user_login", f"sshpass -p {PASSWORD} ssh root@host", PASSWORD),
    ("User login credentials", "user_login", f"curl -u admin:{PASSWORD} https://host/", PASSWORD),
    ("User login credentials", "user_login", f"mysql -h db -u root -p{PASSWORD} shop", PASSWORD),
    ("General password", "password", f"password={PASSWORD}\n", PASSWORD),
    ("General password", "password", f'export DB_PASSWORD="{PASSWORD}"\n', PASSWORD),
    ("General password", "password", "export DB_PASSWORD=correcthorse\n", "correcthorse"),
    ("General password", "password", f"  spring.datasource.password: {PASSWORD}\n", PASSWORD),
    ("General password", "password", f'{{"adminPassword": "{PASSWORD}"}}', PASSWORD),
    ("General password", "password", f'{{"name": "DB_PASSWORD", "value": "{PASSWORD}"}}', PASSWORD),
    ("General password", "password", f"- name: DB_PASSWORD\n  value: {PASSWORD}\n", PASSWORD),
    ("General password", "password", f'<add key="DbPassword" value="{PASSWORD}" />', PASSWORD),
    ("General password", "password", f"tool --password {PASSWORD} --verbose", PASSWORD),
    ("General password", "password", f"PGPASSWORD={PASSWORD} psql -h db", PASSWORD),
    ("General password", "password", f"$env:DB_PASS='{PASSWORD}'", PASSWORD),
    ("General password", "url_password", f"amqp://user:{PASSWORD}@broker:5672/", PASSWORD),
    ("General password", "database_connection_string", f"Server=db;Database=d;User=a;Password={PASSWORD};", PASSWORD),
    (None, "secret_value", f"client_secret: '{some(32)}'", None),
    (None, "secret_value", f"SLACK_SIGNING_SECRET={HEX_32}", HEX_32),
    (None, "secret_value", f"ENCRYPTION_KEY={KEY_44}", KEY_44),
    (None, "stripe_key", "STRIPE=" + "sk_" + "live_" + some(24), None),
    (None, "gitlab_token", "glpat-" + some(20), None),
    (None, "json_web_token", web_token(iss="https://id.example.org", sub="1"), None),
    (None, "telegram_token", "https://api.telegram.org/bot1234567890:AA" + some(33) + "/getMe", None),
]
"""Type of the product's list (None: beyond it), rule, text, and the secret where it is not obvious."""

INNOCENT = [
    "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "password=changeme",
    "password: ${DB_PASSWORD}",
    'password = "{{ vault_db_password }}"',
    "export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)",
    "DB_PASSWORD=$OTHER",
    "password: <your-password>",
    "password: ********",
    "password: !vault |",
    'PASSWORD = "{{resolve:secretsmanager:db:SecretString:password}}"',
    "DB_PASSWORD_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
    "password = arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
    "DB_PASSWORD=/prod/shop/db/password",
    "password_file=/run/secrets/db2",
    "password = get_password(user1)",
    "password = config.db_password2",
    "password = os.environ['DB_PASSWORD1']",
    "if password == 'x1234567':",
    'password: "Enter your password here"',
    '{"password": {"type": "string", "minLength": 12}}',
    '<input type="password" name="pw1" id="pw1">',
    "password_min_length = 14",
    "#password_encryption = scram-sha-256",
    '"PasswordLastUsed": "2016-09-08T21:47:36Z"',
    'password: "2016-09-08"',
    'ADMIN_USER_PASSWORD_AUTH = "ADMIN_USER_PASSWORD_AUTH"',
    "token_url = https://login.example.org/oauth2/v2.0/token",
    "TOKEN_TTL=3600",
    "max_tokens: 40960000",
    "public_key = 04AB12CD34EF56AB78CD90EF12AB34CD56EF78AB90CD",
    "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uuid: 4ea38b7b-f563-7709-4bae-87aea15c1b2d",
    "https://user@host/path:8080",
    "http://localhost:8080/a@b",
    "mongodb://${USER}:${PASS}@host/db",
    "postgres://user:password@localhost/db",
    "Server=db;Database=d;User=a;Password=${DB_PASSWORD};",
    "ghp_" + "a1B2" * 9,
    "npm_" + "a1B2" * 9,
    "-----BEGIN PUBLIC KEY-----\n" + PEM + "\n-----END PUBLIC KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n"
    + PEM
    + "\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + PEM + "\n-----END ENCRYPTED PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "Authorization: Bearer <token>",
    "Authorization: Bearer $TOKEN_FROM_LOGIN",
    "curl -u $USER:$PASS https://host/",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.aaaaaaaaaaaaaaaaaaaaaaaa",
    "shadow: root:$6$rounds=5000$abcdefgh$0123456789",
    "password = $2b$12$abcdefghijklmnopqrstuv",
    "secret_name: prod/db1",
    "secretKeyRef:\n  name: db1\n  key: password",
    "KMS_CIPHER_PASSWORD=AQICAHhwm0YaISJeRtJm5n1G6uqeekXuoXXPe5UFce9Rq8",
    "aws configure set aws_secret_access_key $SECRET",
    "Password must have 12 characters: letters, digits",
    "the secret: never tell anybody",
    "key = 0",
    "AccountKey=",
]
"""Texts without any secret."""
