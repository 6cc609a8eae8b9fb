import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { catalog } from '../service.ts';

/** Loads the generated catalogue through catalog's own API, as a declared client. */
export const catalogueSeed = defineTask({
  name: 'catalogue-seed',
  summary: 'Loads a generated catalogue of products',
  calls: [call(catalog, 'importProducts')],
  entry: 'services/catalog/seed/main.ts',
});
