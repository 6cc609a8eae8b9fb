import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What Terraform calls one property of Pulumi's. */
export interface TerraformField {
  readonly name: string;
  /** Whether Terraform has a list of at most one where Pulumi has a single value (MaxItemsOne of the bridge). */
  readonly one?: true;
  /** Members of a block, or of each of several. */
  readonly fields?: TerraformFields;
}

/** Properties by the names that Pulumi gives them. */
export type TerraformFields = Readonly<Record<string, TerraformField>>;

/** A type of resource as Terraform's provider has it. */
export interface TerraformType {
  readonly type: string;
  readonly fields: TerraformFields;
}

/** The generated table (`npm run generate:clouds -- --terraform FOLDER`). */
export interface TerraformNames {
  /** Of which package and of which version of Terraform's provider it is. */
  readonly source: string;
  readonly types: Readonly<Record<string, TerraformType>>;
}

/** Where the table is, from the program's root. */
export const TERRAFORM_NAMES_FILE = 'tools/terraform-plan/gen/terraform-names.json';

let names: TerraformNames | undefined;

/** The table of this program. */
export function terraformNames(): TerraformNames {
  const file = path.join(import.meta.dirname, 'gen/terraform-names.json');
  names ??= JSON.parse(readFileSync(file, 'utf8')) as TerraformNames;
  return names;
}
