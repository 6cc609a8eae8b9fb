import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { SearchLanding } from './search.ts';

/** ECK's Elasticsearch, with the users and roles of the graph. */
export type KubernetesSearch = KubernetesPart;

/** What a graph needs of it. */
export function lowerSearch(): KubernetesSearch {
  return { steps: [] };
}

/** Declares it in the cluster. */
export function landSearch(lowered: KubernetesSearch): SearchLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: [zones] });
  };
}
