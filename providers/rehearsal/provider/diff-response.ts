import { createRequire } from 'node:module';
import type * as providerMessages from '@pulumi/pulumi/proto/provider_pb.js';
import { pathText } from './property-path.ts';
import type { PropertyPath } from './property-path.ts';
import type { RehearsedChange } from './rehearsed-resource.ts';

const require = createRequire(import.meta.url);
const messages = require('@pulumi/pulumi/proto/provider_pb.js') as typeof providerMessages;

/** Changes as the engine takes them. */
export function diffResponse(changes: readonly RehearsedChange[]): providerMessages.DiffResponse {
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new messages.PropertyDiff();
    detail.setKind(kindOf(change));
    detail.setInputdiff(change.ofInputs);
    response.getDetaileddiffMap().set(pathText(change.path), detail);
  }
  const replacing = changes.filter(({ replaces }) => replaces).map(({ path }) => path);
  response.setReplacesList(replacing.map(pathText));
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  // Two objects of one name cannot be there at once.
  response.setDeletebeforereplace(replacing.length > 0 && !replacing.some(isOfIdentity));
  return response;
}

function isOfIdentity(path: PropertyPath): boolean {
  const [first, second = ''] = path;
  return (
    first === 'name' || first === 'namespace' || ['name', 'namespace'].includes(String(second))
  );
}

function kindOf({ kind, replaces }: RehearsedChange): providerMessages.PropertyDiff.Kind {
  const kinds = messages.PropertyDiff.Kind;
  switch (kind) {
    case 'add':
      return replaces ? kinds.ADD_REPLACE : kinds.ADD;
    case 'delete':
      return replaces ? kinds.DELETE_REPLACE : kinds.DELETE;
    case 'update':
      return replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE;
  }
}
