//go:build real

package real

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// sameGraph checks that a way to the engine shows what the socket shows.
func sameGraph(t *testing.T, e *zoo.Engine, env []string, name string, args ...string) {
	t.Helper()
	direct := graphJSON(t, netkit(t, e, "graph", "--format", "json"))
	other := graphJSON(t, succeed(t, env, name, append(args, "graph", "--format", "json")...))
	if diff := difference(other.facts(), direct.facts()); diff != "" {
		t.Errorf("%s %q reads something else than the socket:\n%s", name, args, diff)
	}
}

// TestTLS: engines behind TLS that both sides are known by, chosen by
// environment, by flags and by context; and a stranger is told what is wrong.
func TestTLS(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		certs := t.TempDir()
		ca := newCertificate(t, "ca", nil)
		writeCertificates(t, certs, ca, newCertificate(t, "user", ca))
		address := tlsInFront(t, e, ca)
		port := address[strings.LastIndexByte(address, ':')+1:]
		host := "tcp://127.0.0.1:" + port
		verify := environment("DOCKER_HOST="+host, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+certs)
		sameGraph(t, e, verify, bench.plugin)
		flags := []string{"-H", host, "--tlsverify"}
		for _, file := range []string{"ca", "cert", "key"} {
			flags = append(flags, "--tls"+map[string]string{"ca": "cacert", "cert": "cert", "key": "key"}[file]+"="+filepath.Join(certs, file+".pem"))
		}
		sameGraph(t, e, environment(), bench.plugin, flags...)
		for _, c := range clients(t) {
			sameGraph(t, e, verify, c.path, "netkit")
			sameGraph(t, e, environment(), c.path, append(flags, "netkit")...)
		}
		c := clients(t)[0]
		chosen := contextOf(t, c, fmt.Sprintf("host=%s,ca=%[2]s/ca.pem,cert=%[2]s/cert.pem,key=%[2]s/key.pem", host, certs))
		sameGraph(t, e, chosen, c.path, "--context", "elsewhere", "netkit")

		strange := t.TempDir()
		writeCertificates(t, strange, ca, newCertificate(t, "stranger", newCertificate(t, "other ca", nil)))
		for what, env := range map[string][]string{
			"a stranger's certificate": environment("DOCKER_HOST="+host, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+strange),
			"no TLS":                   environment("DOCKER_HOST=" + host),
		} {
			if got := run(t, env, bench.plugin, "graph"); got.status != 1 || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, host) {
				t.Errorf("%s: status %d, %q and %q", what, got.status, got.stdout, got.stderr)
			}
		}
	})
}

// tlsInFront puts TLS before the engine's socket, as dockerd --tlsverify has
// it: each side must show a certificate of the same authority.
func tlsInFront(t *testing.T, e *zoo.Engine, ca *certificate) (address string) {
	t.Helper()
	server := newCertificate(t, "server", ca)
	pair, err := tls.X509KeyPair(server.cert, server.key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca.cert)
	var listen net.ListenConfig
	plain, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := tls.NewListener(plain, &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS12,
	})
	t.Cleanup(func() { _ = listener.Close() })
	ctx := context.WithoutCancel(t.Context())
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go forward(ctx, conn, e.Socket())
		}
	}()
	return listener.Addr().String()
}

// writeCertificates fills a folder as docker wants it.
func writeCertificates(t *testing.T, dir string, ca, user *certificate) {
	t.Helper()
	for name, content := range map[string][]byte{"ca.pem": ca.cert, "cert.pem": user.cert, "key.pem": user.key} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// forward joins a connection and a socket until either ends.
func forward(ctx context.Context, conn net.Conn, socket string) {
	defer func() { _ = conn.Close() }()
	var d net.Dialer
	engine, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return
	}
	defer func() { _ = engine.Close() }()
	done := make(chan struct{}, 2)
	join := func(to io.Writer, from io.Reader) {
		_, _ = io.Copy(to, from)
		done <- struct{}{}
	}
	go join(engine, conn)
	go join(conn, engine)
	<-done
}

type certificate struct {
	cert, key []byte
	parsed    *x509.Certificate
	private   *ecdsa.PrivateKey
}

// newCertificate makes a certificate, signed by another or by itself.
func newCertificate(t *testing.T, name string, signer *certificate) *certificate {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &certificate{private: private, parsed: &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: signer == nil,
	}}
	if signer == nil {
		signer = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c.parsed, signer.parsed, &private.PublicKey, signer.private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	c.cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	c.key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	return c
}

// sshProgram stands in for ssh: it takes ssh's arguments, checks that they
// name the host, and runs the remote command here. The line it goes through is
// what docker and the plugin see of any ssh.
const sshProgram = `#!/bin/sh
while [ $# -gt 0 ]; do
	case $1 in
	-o | -l | -p) shift 2 ;;
	-o* | -T | --) shift ;; # docker hands over "-o ConnectTimeout=30" in one piece
	*) break ;;
	esac
done
[ "$1" = faraway ] || { sleep 0.5; echo "ssh: Could not resolve hostname $1" >&2; exit 255; }
shift
echo "$*" >>"$SSH_LOG"
DOCKER_HOST=$SSH_ENGINE exec sh -c "$*"
`

// TestSSH: engines on another machine, reached through ssh and the docker
// client there; and a host that cannot be reached gives one clear error.
func TestSSH(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		for _, c := range clients(t) {
			bin := t.TempDir()
			log := filepath.Join(bin, "log")
			if err := os.WriteFile(filepath.Join(bin, "ssh"), []byte(sshProgram), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(c.path, filepath.Join(bin, "docker")); err != nil {
				t.Fatal(err)
			}
			far := []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "SSH_LOG=" + log, "SSH_ENGINE=" + e.Endpoint}
			env := append(environment("DOCKER_HOST=ssh://me@faraway:2222"), far...)
			sameGraph(t, e, env, c.path, "netkit")
			sameGraph(t, e, env, bench.plugin)
			sameGraph(t, e, append(environment(), far...), c.path, "-H", "ssh://faraway", "netkit")
			sameGraph(t, e, append(contextOf(t, c, "host=ssh://faraway"), far...), c.path, "--context", "elsewhere", "netkit")
			if said, err := os.ReadFile(log); err != nil || !strings.Contains(string(said), "docker system dial-stdio") {
				t.Errorf("with client %s the line was not used: %q, %v", c.version, said, err)
			}
			got := run(t, append(environment("DOCKER_HOST=ssh://nowhere"), far...), bench.plugin, "graph")
			if got.status != 1 || got.stdout != "" || !strings.Contains(got.stderr, "ssh://nowhere") || !strings.Contains(got.stderr, "Could not resolve") {
				t.Errorf("an unknown host: status %d, %q and %q", got.status, got.stdout, got.stderr)
			}
		}
	})
}
