import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** What a principal may do with a topic, or with the groups whose ids begin with `name`. */
export interface AclSettings {
  readonly principal: string;
  readonly resource: 'topic' | 'group-prefix';
  readonly name: string;
  readonly operations: readonly Operation[];
}

export type Operation = 'Describe' | 'Read' | 'Write';

const OPERATIONS = {
  Describe: AclOperationTypes.DESCRIBE,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
} as const;

/** A right that is none of ours: another operation, a denial, or one from a single host. */
export const FOREIGN = 'other';

/** Gives the principal these operations and takes any other from it. */
export async function ensureAcl(admin: Admin, wanted: AclSettings): Promise<void> {
  const found = await findOperations(admin, wanted);
  if (found.some((operation) => !(wanted.operations as readonly string[]).includes(operation))) {
    await dropAcl(admin, wanted);
  }
  await admin.createAcls({
    acl: wanted.operations.map((operation) => ({
      ...patternOf(wanted),
      principal: `User:${wanted.principal}`,
      host: '*',
      operation: OPERATIONS[operation],
      permissionType: AclPermissionTypes.ALLOW,
    })),
  });
}

/** The operations that the principal has, sorted. */
export async function findOperations(
  admin: Admin,
  acl: Omit<AclSettings, 'operations'>,
): Promise<readonly string[]> {
  const { resources } = await admin.describeAcls(filterOf(acl));
  const entries = resources.flatMap(({ acls }) => acls);
  const names = entries.map(({ operation, host, permissionType }) => {
    const [name] = Object.entries(OPERATIONS).find(([, code]) => code === operation) ?? [FOREIGN];
    return host === '*' && permissionType === AclPermissionTypes.ALLOW ? name : FOREIGN;
  });
  return [...new Set(names)].sort();
}

/** Takes every right of the principal on it. */
export async function dropAcl(admin: Admin, acl: Omit<AclSettings, 'operations'>): Promise<void> {
  await admin.deleteAcls({ filters: [filterOf(acl)] });
}

function patternOf({ resource, name }: Pick<AclSettings, 'resource' | 'name'>) {
  return resource === 'topic'
    ? {
        resourceType: AclResourceTypes.TOPIC,
        resourceName: name,
        resourcePatternType: ResourcePatternTypes.LITERAL,
      }
    : {
        resourceType: AclResourceTypes.GROUP,
        resourceName: name,
        resourcePatternType: ResourcePatternTypes.PREFIXED,
      };
}

function filterOf(acl: Omit<AclSettings, 'operations'>) {
  return {
    ...patternOf(acl),
    principal: `User:${acl.principal}`,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  };
}
