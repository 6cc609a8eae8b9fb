import { expect, test } from '@jest/globals';
import { forcedByCode } from './provider-sources.ts';
import { attributesOf, snakeOf } from './source-attributes.ts';
import type { ProviderPackage } from './source-attributes.ts';

/** A package of which each declaration is a text. */
const packageOf = (texts: Readonly<Record<string, string>>): ProviderPackage => ({
  declaration: (name) => {
    const code = texts[name];
    return code === undefined ? undefined : { code, at: (line) => `${name}:${String(line)}` };
  },
});

/** As providers of Terraform's older kind are written. */
const SDK = packageOf({
  resourceThing: `func resourceThing() *schema.Resource {
	block := func() *schema.Schema { return &schema.Schema{Type: schema.TypeSet} }
	return &schema.Resource{
		CustomizeDiff: customdiff.Sequence(
			customdiff.ForceNewIfChange("version", func(_ context.Context, old, new, meta any) bool {
				return len(old.([]any)) == 1 && new.(string) != "}"
			}),
			thingCustomizeDiff,
		),
		SchemaFunc: func() map[string]*schema.Schema {
			return map[string]*schema.Schema{
				// ForceNew: true
				"name": {
					Type:     schema.TypeString,
					Required: true,
					ForceNew: true,
				},
				names.AttrVPCID:     {Type: schema.TypeString, Optional: true, Computed: true, ForceNew: true},
				names.AttrSubnetIDs: {Type: schema.TypeSet, Elem: &schema.Schema{Type: schema.TypeString}, ForceNew: true},
				thingColour:         {Type: schema.TypeString, ValidateFunc: validation.Between(0, 255-prefixLength)},
				"rules":             ruleBlock(),
				"encryption": {
					Type:     schema.TypeList,
					MaxItems: 1,
					ForceNew: true,
					Elem: &schema.Resource{
						Schema: map[string]*schema.Schema{
							"key":     {Type: schema.TypeString, ForceNew: true},
							"comment": {Type: schema.TypeString},
						},
					},
				},
				names.AttrTags: tftags.TagsSchemaForceNew(),
			}
		},
	}
}`,
  thingColour: 'thingColour = "colour"',
  ruleBlock: `func ruleBlock() *schema.Schema {
	return &schema.Schema{
		Type: schema.TypeList,
		Elem: ruleElement(2),
	}
}`,
  ruleElement: `func ruleElement(level int) *schema.Resource {
	members := map[string]*schema.Schema{
		"port": {Type: schema.TypeInt, ForceNew: true},
	}
	if level > 1 {
		members["and"] = &schema.Schema{Elem: ruleElement(level - 1)}
	}
	return &schema.Resource{Schema: members}
}`,
  thingCustomizeDiff: `func thingCustomizeDiff(_ context.Context, diff *schema.ResourceDiff, meta any) error {
	return diff.ForceNew(names.AttrEngine)
}`,
});

/** As providers on Terraform's framework are written. */
const FRAMEWORK = packageOf({
  'thing.Schema': `func (r *thing) Schema(ctx context.Context, request resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = thingSchema()
}`,
  thingSchema: `func thingSchema() schema.Schema {
	return schema.Schema{
		Attributes: map[string]schema.Attribute{
			"id":   framework.IDAttribute(),
			"name": schema.StringAttribute{
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()},
			},
			"hosts": schema.SetAttribute{
				PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplaceIfConfigured()},
			},
			"text": schema.StringAttribute{
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(unlessEmpty(), "words", "words")},
			},
		},
		Blocks: map[string]schema.Block{
			"rule": schema.ListNestedBlock{
				CustomType: fwtypes.NewListNestedObjectTypeOf[ruleModel](ctx),
				NestedObject: schema.NestedBlockObject{
					Attributes: map[string]schema.Attribute{
						"port": schema.Int64Attribute{PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()}},
					},
				},
			},
		},
	}
}`,
});

test('ForceNew is read with its place, and of a block each member by itself', () => {
  expect(attributesOf(SDK, 'resourceThing')).toEqual({
    name: { replaced: { when: 'always', at: 'resourceThing:13' } },
    vpc_id: { replaced: { when: 'given', at: 'resourceThing:18' } },
    subnet_ids: { replaced: { when: 'always', at: 'resourceThing:19' } },
    colour: {},
    rules: { nested: { port: { replaced: { when: 'always', at: 'ruleElement:3' } } } },
    encryption: {
      replaced: { when: 'block', at: 'resourceThing:22' },
      nested: { key: { replaced: { when: 'always', at: 'resourceThing:28' } }, comment: {} },
    },
    tags: { replaced: { when: 'always', at: 'resourceThing:33' } },
  });
});

test('modifiers of plans are read, and what they look at is a condition', () => {
  expect(attributesOf(FRAMEWORK, 'thing.Schema')).toEqual({
    id: {},
    name: { replaced: { when: 'always', at: 'thingSchema:5' } },
    hosts: { replaced: { when: 'given', at: 'thingSchema:8' } },
    text: { replaced: { when: 'condition', at: 'thingSchema:11' } },
    rule: { nested: { port: { replaced: { when: 'always', at: 'thingSchema:20' } } } },
  });
});

test('what code forces is read too, in the functions that look at a whole change', () => {
  expect([...forcedByCode({ source: SDK, schema: 'resourceThing' })]).toEqual([
    ['version', 'resourceThing:5'],
    ['engine', 'thingCustomizeDiff:2'],
  ]);
  const plan = packageOf({
    'thing.ModifyPlan': 'func (r *thing) ModifyPlan() { response.RequiresReplace = all }',
  });
  expect(() => forcedByCode({ source: plan, schema: 'x', plan: 'thing.ModifyPlan' })).toThrow(
    'decides by itself what it replaces',
  );
});

test('source that is not understood is an error, and never a type without attributes', () => {
  const source = packageOf({
    empty: 'func empty() *schema.Resource { return made() }',
    computed:
      'func computed() { return &schema.Resource{Schema: map[string]*schema.Schema{nameOf(1): {}}} }',
  });
  expect(() => attributesOf(source, 'empty')).toThrow('No attributes in empty:0');
  expect(() => attributesOf(source, 'computed')).toThrow('is not written out');
  expect(() => attributesOf(source, 'nothing')).toThrow("'nothing' is not declared");
});

test.each([
  ['KMSKeyID', 'kms_key_id'],
  ['VPCID', 'vpc_id'],
  ['SubnetIDs', 'subnet_ids'],
  ['S3BucketName', 's3_bucket_name'],
  ['IAMRoleARN', 'iam_role_arn'],
  ['Name', 'name'],
])('the constant of %s is %s', (constant, name) => {
  expect(snakeOf(constant)).toBe(name);
});
