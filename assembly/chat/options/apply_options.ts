/**
 * Applies the options: the command line at the start, and single options while serving. Also lists
 * them.
 */
import { JsonObject } from "../../text/json";
import { Option, parseOptions } from "../../text/options";
import { ChatOption, Reach } from "./chat_option";
import { optionTable } from "./option_table";
import { ChatSettings } from "../settings";

/** Reads the command line into the settings. @returns an error message, or empty */
export function readOptions(settings: ChatSettings, given: Array<string>): string {
  const parsed = parseOptions(given, allOptions());
  if (parsed.mistake != "") return parsed.mistake;
  if (parsed.words.length > 0) return `unexpected argument ${parsed.words[0]}: see --help`;
  const mistake = contradiction();
  if (mistake != "") return mistake;
  for (let i = 0; i < optionTable.length; i++) {
    optionTable[i].apply(settings, optionTable[i]);
  }
  return "";
}

/**
 * Changes one option while serving: `set NAME VALUE`.
 *
 * @param name with its hyphens or without
 * @returns an error message, or empty
 */
export function applyOption(settings: ChatSettings, name: string, value: string): string {
  const option = find(name.startsWith("--") ? name : `--${name}`);
  if (option === null || option.reach == Reach.HOST) return `there is no option ${name}`;
  if (option.reach != Reach.LIVE) return `option ${option.name} needs a restart to change`;
  const before = option.value;
  let mistake = option.mistakeIn(value);
  if (mistake != "") return mistake;
  option.value = value;
  mistake = contradiction();
  if (mistake != "") option.value = before;
  else option.apply(settings, option);
  return mistake;
}

/** Returns a line with the current value for each option of this reach. */
export function optionLines(reach: Reach): string {
  let text = "";
  for (let i = 0; i < optionTable.length; i++) {
    const option = optionTable[i];
    if (option.reach != reach) continue;
    const name = option.name.substring(2).padEnd(20);
    text += `${name} ${option.shownValue.padEnd(12)} ${option.help}\n`;
  }
  return text;
}

/** Returns all options as an array of JSON objects, one in each line. */
export function optionsAsJson(): string {
  const reaches = ["host", "start", "live"];
  let text = "";
  for (let i = 0; i < optionTable.length; i++) {
    const option = optionTable[i];
    if (option.help == "") continue;
    const object = new JsonObject(kindOf(option))
      .text("name", option.name.substring(2))
      .text("placeholder", option.placeholder)
      .text("default", option.fallback)
      .text("help", option.help)
      .text("reach", reaches[option.reach]);
    if (option.isNumber) object.number("least", option.least).number("most", option.most);
    if (option.isSecret) object.json("secret", "true");
    if (option.choices.length > 0) object.texts("choices", option.choices);
    if (option.shape != "") object.text("shape", option.shape).text("pattern", option.pattern);
    text += (text == "" ? "[" : ",") + object.line();
  }
  return text + "]\n";
}

/** Returns all options as their base class, for parsers that do not know the chat. */
export function allOptions(): Array<Option> {
  const options: Array<Option> = [];
  for (let i = 0; i < optionTable.length; i++) options.push(optionTable[i]);
  return options;
}

function kindOf(option: ChatOption): string {
  if (option.placeholder == "") return "flag";
  if (option.isNumber) return "number";
  return option.choices.length > 0 ? "choice" : option.shape != "" ? "shape" : "text";
}

/** Returns an error message if two options contradict each other, or empty. */
function contradiction(): string {
  if (find("--soft-limit")!.number > find("--hard-limit")!.number)
    return "option --soft-limit must not exceed --hard-limit";
  return "";
}

function find(name: string): ChatOption | null {
  for (let i = 0; i < optionTable.length; i++) {
    if (optionTable[i].name == name) return optionTable[i];
  }
  return null;
}
