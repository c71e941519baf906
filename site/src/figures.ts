/** Defines the elements of all figures. */
import { PollBet } from "./bet.js";
import { PollScale, PollSpin } from "./plots.js";
import { PollRace } from "./race.js";
import { PollStage } from "./stage.js";

customElements.define("poll-stage", PollStage);
customElements.define("poll-race", PollRace);
customElements.define("poll-spin", PollSpin);
customElements.define("poll-scale", PollScale);
customElements.define("poll-bet", PollBet);
