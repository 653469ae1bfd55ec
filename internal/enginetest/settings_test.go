package enginetest_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestInspectsLikeRealEngines makes the same networks and containers as the
// recordings are of, by the same requests, and holds what the fake tells of them
// against those: field by field, and value by value.
func TestInspectsLikeRealEngines(t *testing.T) {
	for name, flavour := range map[string]enginetest.Flavour{
		"docker20": enginetest.Docker20, "docker26": enginetest.Docker26, "docker28": enginetest.Docker28, "podman": enginetest.Podman,
	} {
		t.Run(name, func(t *testing.T) {
			var real map[string]json.RawMessage
			decode(t, recorded(t, name+"-settings.json"), &real)
			e := enginetest.Start(t, flavour)
			mode := "front"
			if flavour.Podman {
				mode = "bridge"
			}
			make := func(path, body string) {
				if status, reply := send(t, e, "POST", "/v1.41"+path, body); status >= 300 {
					t.Fatalf("%s: %d %s", path, status, reply)
				}
			}
			make("/networks/create", `{"Name":"front","IPAM":{"Config":[{"Subnet":"10.213.1.0/24"}]}}`)
			make("/networks/create", `{"Name":"six","EnableIPv6":true,"Internal":true,"Options":{"com.docker.network.driver.mtu":"1400"},
				"Labels":{"a":"b"},"IPAM":{"Driver":"default","Config":[{"Subnet":"10.213.8.0/24","IPRange":"10.213.8.128/25",
				"Gateway":"10.213.8.9","AuxiliaryAddresses":{"printer":"10.213.8.10"}},{"Subnet":"fd00:213::/64"}]}}`)
			on := []enginetest.Endpoint{{Network: "front"}}
			e.Create(enginetest.Container{Name: "web", State: "created", Mode: mode, On: on},
				enginetest.Container{Name: "mac", State: "created", Mode: mode, MAC: "02:00:00:00:00:91", On: on})
			make("/containers/web/start", "")
			make("/networks/six/connect", `{"Container":"web","EndpointConfig":{"Aliases":["x"],"Links":["web:w"],"DriverOpts":{"a":"b"},
				"IPAMConfig":{"IPv4Address":"10.213.8.77","IPv6Address":"fd00:213::77","LinkLocalIPs":["169.254.9.9"]}}}`)
			for what, path := range map[string]string{
				"info": "/info", "network front": "/networks/front", "network six": "/networks/six?verbose=true",
				"container web": "/containers/web/json", "container mac": "/containers/mac/json",
			} {
				got, want := plain(t, get(t, e, path)), plain(t, real[what])
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s is\n%v here, and\n%v there", what, got, want)
				}
			}
		})
	}
}

var (
	anyShortID = regexp.MustCompile(`^[0-9a-f]{12}$`)
	anyMAC     = regexp.MustCompile(`^([0-9a-f]{2}:){5}[0-9a-f]{2}$`)
	anyTime    = regexp.MustCompile(`^\d{4}-\d\d-\d\dT[\d:.]+Z$`)
)

// plain is a reply without what is another one each time. The gateway of an
// internal network is that of the test, if it gives one.
func plain(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	decode(t, text, &value)
	return plainValue("", value)
}

func plainValue(key string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, field := range value {
			delete(value, key)
			value[anyID.ReplaceAllString(key, "{id}")] = plainValue(key, field)
		}
	case []any:
		for i := range value {
			value[i] = plainValue("", value[i])
		}
	case string:
		return plainText(key, value)
	}
	return value
}

func plainText(key, text string) string {
	version, _, _ := strings.Cut(text, "+dfsg")
	switch {
	case text == "":
		return ""
	case anyTime.MatchString(text), key == "ID", key == "Name" && (text == "fake" || text == "host"), key == "DockerRootDir":
		return "{" + key + "}"
	case key == "Gateway" && strings.HasPrefix(text, "10.213.8."):
		return ""
	case anyMAC.MatchString(text) && !strings.HasPrefix(text, "02:00:00:"):
		return "{mac}"
	case anyShortID.MatchString(text):
		return "{short id}"
	}
	return anyID.ReplaceAllString(version, "{id}")
}
