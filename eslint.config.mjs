import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';
import orderConsole from './scripts/eslint-arrows.mjs';

const unused = [
  'error',
  { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
];
const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'Buffer', 'URL', 'setTimeout', 'clearTimeout'].map((name) => [name, 'readonly']),
);

export default defineConfig(
  globalIgnores(['node_modules/', '**/out/', 'dist/', 'coverage/', 'reports/', '.stryker-tmp/', '.cache/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs}'],
    extends: [js.configs.recommended],
    plugins: { 'order-console': orderConsole },
    languageOptions: { globals: nodeGlobals },
    rules: {
      'order-console/reasoned-disable': 'error',
      'no-unused-vars': unused,
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    rules: {
      // The types say which properties may be left out.
      'vue/require-default-prop': 'off',
      // Prettier's part.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      // A text that stands in a template exists in one language only; signs that mean the same in both may.
      'vue/no-bare-strings-in-template': [
        'error',
        {
          allowlist: [
            '✓',
            '✕',
            '?',
            '○',
            '…',
            '⊘',
            '!',
            '*',
            '·',
            '→',
            '×',
            '/',
            '(',
            ')',
            ':',
            '≈',
            '–',
            '+',
            '-',
            '%',
            '#',
            '▲',
            '▼',
          ],
        },
      ],
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-static-inline-styles': 'error',
      'vue/no-unused-properties': 'error',
      'vue/no-unused-refs': 'error',
      'vue/no-undef-components': ['error', { ignorePatterns: ['RouterLink', 'RouterView'] }],
    },
  },
  {
    files: ['**/*.{ts,mts,vue}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    plugins: { 'order-console': orderConsole },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] },
    },
    rules: {
      'order-console/arrows': 'error',
      'order-console/reasoned-disable': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true }],
      '@typescript-eslint/no-unused-vars': unused,
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers print well; objects and undefined do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Spreading a text counts code points, which is what the vendors' limits count.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // There are no enums here, and instances are held by their types: a sixth of the time of all rules for nothing to find.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An async function without await still turns a throw into a rejection, which its interface promises.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // On Windows they match by prefix and read every value, on macOS they ask for each item: our own index knows the accounts.
    files: ['src/**/*.{ts,vue}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(Identifier[name=/^find(Credentials|Password)$/], Literal[value=/^find(Credentials|Password)$/])',
          message: 'The keychain is never searched: read one account’s item by its name.',
        },
      ],
    },
  },
  { files: ['**/*.vue'], languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } } },
  {
    // A store's set-up is one closure of short functions.
    files: ['src/renderer/stores/**'],
    rules: { 'max-lines-per-function': ['error', { max: 200, skipBlankLines: true, skipComments: true }] },
  },
  {
    // TypeScript knows the page's own names.
    files: ['src/renderer/**'],
    rules: { 'no-undef': 'off' },
  },
  {
    // Tests read replies as they come and are as long as their vectors.
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      'no-control-regex': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
