import tseslint from 'typescript-eslint';

// A preview must be the same for everybody (docs/decisions/0019-rehearsal-providers.md).
const asksProvider =
  'The program asks no provider: make it a setting of the stack, or take the output of a resource.';
const providerQuestions = [
  // X.get(…) of a resource's class; a Map is not a class.
  "CallExpression[callee.property.name='get'][callee.object.property.name=/^[A-Z][A-Za-z0-9]*[a-z]/]",
  "CallExpression[callee.property.name='get'][callee.object.name=/^[A-Z][A-Za-z0-9]*[a-z]/]",
  // Functions of providers, such as aws.getRegion().
  "CallExpression[callee.object.type='MemberExpression'][callee.property.name=/^get[A-Z].*Output$/]",
  'CallExpression[callee.property.name=/^(invoke|invokeAsync|invokeOutput|invokeSingle|invokeSingleOutput)$/]',
  // Components that have a provider read files or charts.
  'NewExpression[callee.property.name=/^(ConfigFile|ConfigGroup|Directory)$/]',
  "NewExpression[callee.property.name='Chart'][callee.object.property.name=/^v[0-9]/]",
].map((selector) => ({ selector, message: asksProvider }));

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/gen/', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers in messages are the rule here, not an accident: ports, limits, counts.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Standard callbacks return void by contract; an arrow that forwards is clearer than a block.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['components/**/*.ts', 'infra/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...providerQuestions],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@pulumi/(?!pulumi(/|$))',
              importNamePattern: '^(get[A-Z]|yaml$|kustomize$)',
              message: asksProvider,
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    // A describe block is a table of contents, not a function.
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['tools/new-service/templates/*.ts'],
    // The lines of a file that is written.
    rules: { 'max-lines-per-function': 'off' },
  },
);
