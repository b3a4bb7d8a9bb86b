"""Makes a key that never leaves this pod, and has the operator sign a certificate for it."""
import http.client
import os
import ssl
import subprocess
import sys
import time
import urllib.parse

ASK = "/var/run/secrets/sp-ray.dev/tls"
TLS = "/etc/ray/tls"
PATIENCE = 300  # seconds; then the kubelet starts this container anew

url = urllib.parse.urlsplit(os.environ["SIGNING_URL"])


def read(path):
    with open(path) as file:
        return file.read()


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def made_request():
    """The key goes into its file, the request for its certificate is returned."""
    try:
        made = subprocess.run(
            ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-keyout", TLS + "/tls.key", "-config", "/dev/stdin"],
            input="[req]\nprompt = no\ndistinguished_name = name\n[name]\nCN = ray\n",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    except FileNotFoundError:
        sys.exit("spec.tlsOptions needs an image with the program openssl")
    if made.returncode != 0:
        sys.exit("openssl has made no key: " + made.stderr)
    # Also for a container with another user, if the pod has an fsGroup.
    os.chmod(TLS + "/tls.key", 0o640)
    return made.stdout


class Operator(http.client.HTTPConnection):
    """Must prove by a certificate of the authority of this cluster that it is the operator."""

    def connect(self):
        context = ssl.create_default_context(cafile=ASK + "/ca.crt")
        super().connect()
        self.sock = context.wrap_socket(self.sock, server_hostname=os.environ["SIGNING_NAME"])


def signed(request):
    connection = Operator(url.hostname, url.port, timeout=20)
    try:
        connection.request("POST", url.path, body=request, headers={
            "Authorization": "Bearer " + read(ASK + "/token"), "Pod-IPs": os.environ["POD_IPS"]})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise OSError(text.strip())
        return text
    finally:
        connection.close()


os.umask(0o027)
request = made_request()
start = time.monotonic()
told = ""
while True:
    try:
        write(TLS + "/tls.crt", signed(request))
        break
    except (OSError, http.client.HTTPException) as e:
        waited = time.monotonic() - start
        why = "no certificate from %s: %s" % (url.netloc, e)
        if waited > PATIENCE:
            sys.exit("%s; gave up after %d s" % (why, waited))
        if why != told:
            print("%s; trying again for %d s" % (why, PATIENCE - waited), flush=True)
            told = why
        time.sleep(1 if waited < 30 else 5)
write(TLS + "/ca.crt", read(ASK + "/ca.crt"))
print("The certificate came after %.1f s." % (time.monotonic() - start))
