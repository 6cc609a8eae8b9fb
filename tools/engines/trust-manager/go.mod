module meridian/tools/engines/trust-manager

go 1.26.0

require github.com/cert-manager/trust-manager v0.25.0

