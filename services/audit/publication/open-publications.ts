import { readExternalBinding } from '@meridian/kit/external/binding.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { ObjectStore } from './object-store.ts';
import type { Publications } from './publication.ts';
import { PublishedHeads } from './published-heads.ts';

/** The places in the store that the binding leads to; it is asked for the first time when they are used. */
export function openPublications({
  bindings,
  workingFolder,
  log,
  onRelease,
}: Pick<Runtime, 'bindings' | 'workingFolder' | 'log' | 'onRelease'>): Publications {
  const store = new ObjectStore(readExternalBinding(bindings, 'checkpoint-store', workingFolder));
  onRelease('checkpoint store', () => store.close());
  return (number) => new PublishedHeads(store, log, number);
}
