// Everything that moves on a page. Each part works on what the server rendered; without scripts the pages still work.
import { startCharts } from "./chart";
import { startCopying } from "./copy";
import { startDrawer } from "./drawer";
import { startFilters } from "./filters";
import { startGraphs } from "./graphs";
import { startKeys } from "./keys";
import { startPartials } from "./partial";
import { showSwitches, startSwitches } from "./switch";
import { startTicking } from "./tick";
import { startTree } from "./tree";

startPartials();
startSwitches();
showSwitches();
startFilters();
startDrawer();
startCopying();
startKeys();
startCharts();
startGraphs();
startTicking();
startTree();
