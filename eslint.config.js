import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // What is AssemblyScript is not TypeScript: asc alone can judge it.
  {
    ignores: [
      "build/",
      "dist/",
      "site/dist/",
      "site/pages/",
      "assembly/",
      "library/**/*.ts",
      "tests/**/guest/",
      "lab/**/guest/",
      "tests/**/specs/",
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "bin/*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "no-constant-condition": ["error", { checkLoops: false }],
    },
  },
  {
    // Plain JavaScript: tsc checks its names, and its casts are comments, which these rules do not
    // see.
    files: ["**/*.mjs"],
    rules: {
      "no-undef": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);
