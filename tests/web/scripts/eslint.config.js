import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { sourceType: "script", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-implicit-globals": "error",
      "no-var": "error",
      "no-shadow": "off",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        { object: "document", property: "write", message: "The page's policy forbids it." },
      ],
    },
  },
  { files: ["**/passages.js"], languageOptions: { sourceType: "module" } },
  {
    files: ["**/bridge.js"],
    languageOptions: { globals: { element: "readonly", trigger: "readonly" } },
  },
];
