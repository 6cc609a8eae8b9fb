import { readExternalBinding } from '@meridian/kit/external/binding.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { ObjectStore } from './object-store.ts';
import type { Publications } from './publication.ts';
import { publishedHeads } from './published-heads.ts';

/** The places of all logs where the binding of the checkpoint store leads to; asked for the first time when one is used. */
export function openPublications({
  bindings,
  workingFolder,
  log,
  onRelease,
}: Pick<Runtime, 'bindings' | 'workingFolder' | 'log' | 'onRelease'>): Publications {
  const store = new ObjectStore(readExternalBinding(bindings, 'checkpoint-store', workingFolder));
  onRelease('checkpoint store', () => store.close());
  return publishedHeads(store, log);
}
