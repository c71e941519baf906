/** Ends a compilation that has not read asconfig.json: the program would compile and not start. */
import "./assembly/wasi/abort";

if (!isDefined(POLLCAST_CONFIGURED)) {
  ERROR(
    "pollcast-selectors: compile with --config node_modules/pollcast-selectors/asconfig.json, " +
      'or have your asconfig.json say "extends": "pollcast-selectors/asconfig.json"',
  );
}
