// Pulumi's provider for Kubernetes. The main of the project itself learns its version from a linker
// flag of its build, and embeds the two files that lie beside it in the module.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

// Set by the linker.
var version string

func main() { provider.Serve("kubernetes", version, schema, terraformMapping) }
