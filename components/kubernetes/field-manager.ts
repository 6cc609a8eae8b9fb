import { annotated, withEachObject } from './each-object.ts';
import type { KubernetesPart } from './manifest.ts';

/** As whom Pulumi's provider applies every object of the program. */
const FIELD_MANAGER = 'pulumi-kubernetes';

/**
 * A part whose objects all say as whom they are applied. Without it the provider makes up a name for each and keeps it in its
 * state: who was killed before the state was written comes back under another name, and what it has applied itself is in
 * conflict with what it applies. It is told to Pulumi alone, so no chart of a service has it.
 * Source: pulumi-kubernetes 4.25.0, provider/pkg/provider/provider.go, fieldManagerName (for create, read, update and delete)
 */
export function withFieldManager<Part extends KubernetesPart>(part: Part): Part {
  return withEachObject(part, (object) =>
    annotated(object, { 'pulumi.com/patchFieldManager': FIELD_MANAGER }),
  );
}
