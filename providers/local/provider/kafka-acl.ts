import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { dropAcl, ensureAcl, findOperations } from '../kafka/acls.ts';
import { clusterSchema, isSameCluster, kafkaNameSchema, nameOf } from '../kafka/cluster.ts';
import { kafkaAccess } from './engines.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

const resource = z.enum(['topic', 'group-prefix'], 'must be topic or group-prefix');
const inputs = z.strictObject({
  cluster: clusterSchema,
  principal: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits, dots, hyphens'),
  resource,
  name: kafkaNameSchema,
  operations: z
    .array(z.enum(['Describe', 'Read', 'Write'], 'must be Describe, Read or Write'))
    .min(1, 'must name an operation'),
});
type AclInputs = z.infer<typeof inputs>;
const state = z.looseObject({
  cluster: clusterSchema,
  principal: z.string(),
  resource,
  name: z.string(),
});

/** Manages `KafkaAcl`. */
export const kafkaAclHandler: ResourceHandler<AclInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['cluster', 'principal', 'resource', 'name', 'operations'],
  replacedBy: ['principal', 'resource', 'name'],
  replaces: (key, old, wanted) => key === 'cluster' && !isSameCluster(old, wanted),
  // The order of operations means nothing.
  same: (_key, old, wanted) => isDeepStrictEqual(sorted(old), sorted(wanted)),
  deleteBeforeReplace: true,
  async create(wanted, context) {
    await ensure(wanted, context);
    const { cluster, principal, name } = wanted;
    return { id: `${cluster.id}/acl/${principal}/${wanted.resource}/${name}`, outputs: wanted };
  },
  read(acl, known, context) {
    return kafkaAccess.lookOr(
      context,
      { target: acl.cluster, what: describe(acl), otherwise: known },
      async (admin): Promise<Properties | undefined> => {
        const operations = await findOperations(admin, acl);
        return operations.length === 0 ? undefined : { ...known, operations };
      },
    );
  },
  async update(_old, wanted, context) {
    await ensure(wanted, context);
    return wanted;
  },
  delete(acl, context) {
    return kafkaAccess.delete(context, acl.cluster, describe(acl), (admin) => dropAcl(admin, acl));
  },
};

async function ensure({ cluster, ...wanted }: AclInputs, context: Context): Promise<void> {
  context.status(`letting ${wanted.principal} use ${wanted.resource} ${wanted.name}`);
  await kafkaAccess.change(context, cluster, (admin) => ensureAcl(admin, wanted));
}

function describe(acl: z.infer<typeof state>): string {
  return `What '${acl.principal}' may do with ${acl.resource} '${acl.name}' of ${nameOf(acl.cluster)}`;
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).sort() : value;
}
