import { readExternalBinding } from '@meridian/kit/external/binding.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { ObjectStore } from './object-store.ts';
import type { Publication } from './publication.ts';
import { PublishedHeads } from './published-heads.ts';

/** The place that the binding of the checkpoint store leads to; asked for the first time when it is used. */
export function openPublication({
  bindings,
  workingFolder,
  log,
  onRelease,
}: Pick<Runtime, 'bindings' | 'workingFolder' | 'log' | 'onRelease'>): Publication {
  const store = new ObjectStore(readExternalBinding(bindings, 'checkpoint-store', workingFolder));
  onRelease('checkpoint store', () => store.close());
  return new PublishedHeads(store, log);
}
