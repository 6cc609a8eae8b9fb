module meridian/tools/engines/eck

go 1.26.0

require github.com/elastic/cloud-on-k8s/v3 v3.5.0

replace (
	github.com/dgryski/go-gk => github.com/dgryski/go-gk v0.0.0-20200319235926-a69029f61654
	github.com/dgryski/go-lttb => github.com/dgryski/go-lttb v0.0.0-20230207170358-f8fc36cdbff1
)
