import { kubernetesCertificates } from '../certificates/kubernetes.ts';
import { kubernetesExternals } from '../external/kubernetes.ts';
import type { NounsForPods } from '../kubernetes/kubernetes-nouns.ts';
import type { Noun } from '../nouns.ts';
import { kubernetesObservability } from '../observability/kubernetes.ts';
import { kubernetesSearch } from '../search/kubernetes.ts';
import { kubernetesServices } from '../service/kubernetes/land-services.ts';
import { kubernetesTasks } from '../task/kubernetes.ts';

/** In place of a landing that is still to be written, as components/<noun>/aws.ts. */
const NOT_YET = 'not yet';

/** Services and tasks are pods, and most of what they use AWS manages. */
export const AWS_NOUNS: { readonly [Name in Noun]: NounsForPods[Name] | typeof NOT_YET } = {
  cluster: NOT_YET,
  certificates: kubernetesCertificates,
  zones: NOT_YET,
  postgres: NOT_YET,
  redis: NOT_YET,
  kafka: NOT_YET,
  search: kubernetesSearch,
  externals: kubernetesExternals,
  services: kubernetesServices,
  tasks: kubernetesTasks,
  edge: NOT_YET,
  observability: kubernetesObservability,
};

/** The nouns whose landing is still to be written. */
export const unwrittenNouns = (Object.keys(AWS_NOUNS) as Noun[]).filter(
  (noun) => AWS_NOUNS[noun] === NOT_YET,
);
