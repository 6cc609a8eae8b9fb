// A registry of the Distribution project (github.com/distribution/distribution), with files and names and passwords alone.
// Takes the file of its configuration.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/distribution/distribution/v3/configuration"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fail(err)
	}
	config, err := configuration.Parse(file)
	if err != nil {
		fail(err)
	}
	app := handlers.NewApp(context.Background(), config)
	fail(http.ListenAndServe(config.HTTP.Addr, app))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
