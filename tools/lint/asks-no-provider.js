/**
 * A rule of oxlint's: the program asks a provider nothing, as a preview must be the same for everybody
 * (docs/decisions/0019-rehearsal-providers.md). What it imports by name is refused in .oxlintrc.json.
 */
const MESSAGE =
  'The program asks no provider: make it a setting of the stack, or take the output of a resource.';

/** Each a way to ask, as a selector of the syntax tree (https://github.com/estools/esquery). */
const QUESTIONS = [
  // X.get(…) of a resource's class; a Map is not a class.
  "CallExpression[callee.property.name='get'][callee.object.property.name=/^[A-Z][A-Za-z0-9]*[a-z]/]",
  "CallExpression[callee.property.name='get'][callee.object.name=/^[A-Z][A-Za-z0-9]*[a-z]/]",
  // Functions of providers, such as aws.getRegion().
  "CallExpression[callee.object.type='MemberExpression'][callee.property.name=/^get[A-Z].*Output$/]",
  'CallExpression[callee.property.name=/^(invoke|invokeAsync|invokeOutput|invokeSingle|invokeSingleOutput)$/]',
  // Components that have a provider read files or charts.
  'NewExpression[callee.property.name=/^(ConfigFile|ConfigGroup|Directory)$/]',
  "NewExpression[callee.property.name='Chart'][callee.object.property.name=/^v[0-9]/]",
];

const asksNoProvider = {
  create: (context) =>
    Object.fromEntries(
      QUESTIONS.map((selector) => [selector, (node) => context.report({ node, message: MESSAGE })]),
    ),
};

/** Oxlint takes a default export and nothing else. */
export default { meta: { name: 'meridian' }, rules: { 'asks-no-provider': asksNoProvider } };
