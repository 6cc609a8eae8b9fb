import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { search } from '../service.ts';

/** Has the index of products rebuilt, and tells how far it is. */
export const searchRebuild = defineTask({
  name: 'search-rebuild',
  summary: 'Rebuilds the index of products',
  calls: [call(search, 'rebuildIndex', 'getIndexRebuild')],
  entry: 'services/search/rebuild-task/main.ts',
});
