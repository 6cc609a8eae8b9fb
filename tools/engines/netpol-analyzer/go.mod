module meridian/tools/engines/netpol-analyzer

go 1.26.0

require github.com/np-guard/netpol-analyzer v1.1.0
