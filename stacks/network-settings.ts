import type {
  ApiServerPlace,
  DnsPlace,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { LABEL_VALUE } from './kubernetes-names.ts';
import { jsonSetting } from './setting-schemas.ts';

/** What most clusters label their DNS with, CoreDNS too. */
const KUBE_DNS = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } } as const;
const DNS_PORT = 53;

/** Of the Service and behind it: some networks look at a packet before, some after translation. */
const API_SERVER_PORTS = [443, 6_443];

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Kubernetes, "Labels and Selectors", syntax and character set. */
const LABEL_KEY =
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

const ports = z.array(z.int().min(1).max(65_535)).min(1);
const networks = z.array(ipv4Network);
/** Without a label it would be every pod of the namespace. */
const labels = z
  .record(z.string().regex(LABEL_KEY), z.literal('').or(z.string().regex(LABEL_VALUE)))
  .refine((given) => Object.keys(given).length > 0);

const dns = z
  .strictObject({
    pods: z
      .array(z.strictObject({ namespace: z.string().regex(NAMESPACE), labels }))
      .default([KUBE_DNS]),
    networks: networks.default([]),
    ports: ports.default([DNS_PORT]),
  })
  // Nobody in a rule is everybody.
  .refine((place) => place.pods.length + place.networks.length > 0);

const DNS_RULE = `must be a JSON object {"pods": [{"namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}}], "networks": ["169.254.20.10/32"], "ports": [53]}, with a pod or a network at least, its networks ${NETWORK_FORM}`;

const apiServer = z.strictObject({
  networks: networks.default([]),
  ports: ports.default(API_SERVER_PORTS),
});

const API_SERVER_RULE = `must be a JSON object {"networks": ["10.96.0.1/32"], "ports": [443, 6443]}, its networks ${NETWORK_FORM}`;

/** Where policies of the network find what no policy can name: the cluster's DNS and its API server. */
export function networkSettings() {
  return {
    dns: jsonSetting<DnsPlace>(dns, DNS_RULE).prefault('{}'),
    apiServer: jsonSetting<ApiServerPlace>(apiServer, API_SERVER_RULE).prefault('{}'),
  };
}
