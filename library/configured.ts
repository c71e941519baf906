/**
 * Ends the compilation with an error if it does not use asconfig.json: the program would compile,
 * but not start.
 */
import "./assembly/wasi/abort";

if (!isDefined(POLLCAST_CONFIGURED)) {
  ERROR(
    "pollcast-selectors: compile with --config node_modules/pollcast-selectors/asconfig.json, " +
      'or have your asconfig.json say "extends": "pollcast-selectors/asconfig.json"',
  );
}
