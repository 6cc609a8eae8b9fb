import { CodedError } from '@meridian/language/coded-error.ts';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { partsOfUrn } from '../meridian/rehearsal/engine-events.ts';
import { isEncrypted } from '../meridian/rehearsal/exported-resource.ts';
import type { ExportedResource } from '../meridian/rehearsal/exported-resource.ts';
import { plannedFields, referencesIn } from './planned-value.ts';
import type { Addresses } from './references.ts';
import type { TerraformFields, TerraformNames, TerraformType } from './terraform-names.ts';

/** A resource of a plan, wherever the plan speaks of it. */
interface Place {
  readonly address: string;
  readonly mode: 'managed';
  readonly type: string;
  readonly name: string;
}

/** A plan of Terraform in its JSON format, as far as those read it that judge one. Source: Terraform, "JSON Output Format", 1.2 */
export interface TerraformPlan {
  readonly format_version: '1.2';
  readonly terraform_version: string;
  readonly planned_values: {
    readonly root_module: {
      readonly resources: readonly (Place & {
        readonly provider_name: string;
        readonly schema_version: 0;
        readonly values: unknown;
        readonly sensitive_values: unknown;
      })[];
    };
  };
  readonly resource_changes: readonly (Place & {
    readonly provider_name: string;
    readonly change: {
      readonly actions: readonly ['create'];
      readonly before: null;
      readonly after: unknown;
      readonly after_unknown: unknown;
      readonly before_sensitive: false;
      readonly after_sensitive: unknown;
    };
  })[];
  readonly configuration: {
    readonly provider_config: Readonly<Record<string, object>>;
    readonly root_module: {
      readonly resources: readonly (Place & {
        readonly provider_config_key: 'aws';
        readonly expressions: unknown;
        readonly schema_version: 0;
        readonly depends_on?: readonly string[];
      })[];
    };
  };
}

const PROVIDER = 'registry.terraform.io/hashicorp/aws';

/** The version of Terraform whose format this is; nothing of Terraform runs. */
const FORMAT_OF = '1.13.0';

/**
 * The resources of AWS among those of a rehearsed stack, as a plan of Terraform that makes all of them: what Pulumi's bridge would
 * hand to Terraform's provider. Outputs are not known in it, and secrets are in no part of it.
 *
 * @throws {CodedError} TERRAFORM_NAME_MISSING with every property of which the table has no name
 */
export function terraformPlan(
  exported: readonly ExportedResource[],
  names: TerraformNames,
): TerraformPlan {
  const resources = exported
    .filter(({ custom, type }) => custom === true && type.startsWith('aws:'))
    .toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
  const nameless: string[] = [];
  const places = placesOf(resources, names, nameless);
  const addresses: Addresses = new Map(
    resources.flatMap(({ urn }) => {
      const { type, name } = partsOfUrn(urn);
      const place = places.get(urn);
      return place === undefined ? [] : [[`${type}/${name}`, place.address]];
    }),
  );
  const planned = resources.flatMap((resource) => {
    const place = places.get(resource.urn);
    const type = names.types[resource.type];
    return place === undefined || type === undefined
      ? []
      : [plannedResource(resource, place, type, { addresses, places, nameless })];
  });
  if (nameless.length > 0) throw namesMissing(nameless);
  const address = ({ place }: { readonly place: Place }) => place;
  return {
    format_version: '1.2',
    terraform_version: FORMAT_OF,
    planned_values: {
      root_module: {
        resources: planned.map((one) => ({
          ...address(one),
          provider_name: PROVIDER,
          schema_version: 0,
          values: one.value,
          sensitive_values: one.sensitive,
        })),
      },
    },
    resource_changes: planned.map((one) => ({
      ...address(one),
      provider_name: PROVIDER,
      change: {
        actions: ['create'],
        before: null,
        after: one.value,
        after_unknown: one.unknown,
        before_sensitive: false,
        after_sensitive: one.sensitive,
      },
    })),
    configuration: {
      provider_config: { aws: { name: 'aws', full_name: PROVIDER } },
      root_module: {
        resources: planned.map((one) => ({
          ...address(one),
          provider_config_key: 'aws',
          expressions: one.expression,
          schema_version: 0,
          ...(one.dependsOn.length === 0 ? {} : { depends_on: one.dependsOn }),
        })),
      },
    },
  };
}

interface Among {
  readonly addresses: Addresses;
  readonly places: ReadonlyMap<string, Place>;
  /** Filled. */
  readonly nameless: string[];
}

/** What the provider adds to the inputs of a program, so it is in no configuration. */
const BY_PROVIDER: TerraformFields = { tagsAll: { name: 'tags_all' } };

function plannedResource(
  resource: ExportedResource,
  place: Place,
  type: TerraformType,
  { addresses, places, nameless }: Among,
) {
  const { inputs = {}, propertyDependencies = {}, dependencies = [] } = resource;
  // The engine keeps what a property came by in an order that differs from run to run.
  const addressesOf = (urns: readonly string[]) =>
    urns.flatMap((urn) => places.get(urn)?.address ?? []).toSorted();
  const planned = plannedFields(
    inputs,
    { ...type.fields, ...BY_PROVIDER },
    {
      addresses,
      onNameless: (property) => nameless.push(`${resource.type} ${property}`),
    },
  );
  const expression = Object.fromEntries(
    Object.entries(inputs).flatMap(([property, value]) => {
      const name = type.fields[property]?.name;
      if (name === undefined || !isRecord(planned.expression)) return [];
      const written = planned.expression[name];
      const made = addressesOf(propertyDependencies[property] ?? []);
      // What the program chose itself is known though it came by another resource; a secret says nothing of where it is from.
      const isUnsaid = made.length > 0 && referencesIn(written).length === 0;
      const isPlain = isEncrypted(value) || type.fields[property]?.fields === undefined;
      return [[name, isUnsaid && isPlain ? { references: made } : written]];
    }),
  );
  const said = new Set(referencesIn(expression).map((one) => one.split('.').slice(0, 2).join('.')));
  const dependsOn = addressesOf(dependencies).filter((address) => !said.has(address));
  return { ...planned, expression, place, dependsOn };
}

/** An address for each: a name of Pulumi's is unique among resources of a type and parent alone. */
function placesOf(
  resources: readonly ExportedResource[],
  names: TerraformNames,
  nameless: string[],
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const taken = new Set<string>();
  for (const { urn, type: token } of resources) {
    const type = names.types[token]?.type;
    if (type === undefined) {
      nameless.push(token);
      continue;
    }
    const plain = partsOfUrn(urn).name.replaceAll(/[^\w-]/g, '_');
    let name = plain;
    for (let number = 2; taken.has(`${type}.${name}`); number += 1) name = `${plain}-${number}`;
    const address = `${type}.${name}`;
    taken.add(address);
    places.set(urn, { address, mode: 'managed', type, name });
  }
  return places;
}

function namesMissing(nameless: readonly string[]): CodedError {
  const told = [...new Set(nameless)].toSorted().join(', ');
  return new CodedError(
    'TERRAFORM_NAME_MISSING',
    `Plan of Terraform: must have a name for every property, got none for ${told}; run 'npm run generate:clouds -- --terraform FOLDER' as docs/scanners.md says`,
  );
}
