/* Every text that a report and its like write themselves, in both languages: no sentence stands in
 * the code. Templates are for paso_html_write: %s a text, %r markup, %z a count; their arguments
 * come in the same order in both languages. Spanish as written in Mexico, also its numbers. */
#ifndef PASO_REPORT_MESSAGES_H
#define PASO_REPORT_MESSAGES_H

/* clang-format off */
#define PASO_MESSAGES(X) \
    /* pieces of sentences */ \
    X(SAYS_LANGUAGE, "en", "es") \
    X(SAYS_TO, " to ", " a ") \
    X(SAYS_PER, " a ", " por ") \
    X(SAYS_WEEK_OF, "week of ", "semana del ") \
    X(SAYS_ON_DAY, "on ", "el ") \
    X(SAYS_IN, "in ", "en ") \
    X(SAYS_IN_THE, "in the ", "en la ") \
    X(SAYS_AVERAGE, "on average ", "en promedio ") \
    X(SAYS_MOST, "5 to 95 %: ", "5 a 95 %: ") \
    X(SAYS_EACH_DAY, "each day", "cada día") \
    X(SAYS_TOTAL_OF, "total of each ", "total de cada ") \
    X(SAYS_LAST_OF, "on the last day of each ", "en el último día de cada ") \
    X(SAYS_CHANCE_IN, "chance in each ", "probabilidad en cada ") \
    X(SAYS_AVERAGE_OF, "average of each ", "promedio de cada ") \
    X(SAYS_TOTAL, "total", "total") \
    X(SAYS_MEAN, "average", "promedio") \
    X(SAYS_POINTS, "percentage points", "puntos porcentuales") \
    X(SAYS_FEWER, "fewer", "menos") \
    X(SAYS_MORE, "more", "más") \
    X(SAYS_LOWER, "lower", "menos") \
    X(SAYS_HIGHER, "higher", "más") \
    X(SAYS_ACCOUNTING, "accounting", "contabilidad") \
    X(SAYS_BEHAVIOUR, "behaviour", "comportamiento") \
    X(SAYS_POLITICS, "politics", "política") \
    X(SAYS_NEVER, "never", "nunca") \
    X(SAYS_DAY, "Day", "Día") \
    X(SAYS_WEEK, "Week", "Semana") \
    X(SAYS_MONTH, "Month", "Mes") \
    X(SAYS_YEAR, "Year", "Año") \
    X(SAYS_SMALL_PRINT, "median, and in small print the range of 90&nbsp;% of the members", "mediana y, en letra pequeña, el intervalo del 90&nbsp;% de los miembros") \
    /* the head */ \
    X(HEAD_TITLE, "%s (simulated)", "%s (simulado)") \
    X(HEAD_SKIP, "Skip to the findings", "Ir a los resultados") \
    X(HEAD_BRAND, "a policy laboratory for migration corridors", "un laboratorio de políticas para corredores migratorios") \
    X(HEAD_ONE, "one policy", "una política") \
    X(HEAD_SEVERAL, "each policy, with the same chance events under all of them", "cada política, con los mismos azares bajo todas") \
    X(HEAD_STAMP, "<strong>Simulated.</strong> These numbers come from %s simulated courses of events, called members, for %s. They are not counts of what happened; dots marked <em>observed</em> are.", "<strong>Simulado.</strong> Estas cifras salen de %s cursos simulados de los hechos, llamados miembros, para %s. No son recuentos de lo que pasó; los puntos marcados como <em>observados</em> sí lo son.") \
    X(HEAD_CORRIDOR, "Corridor", "Corredor") \
    X(HEAD_MEMBERS, "Members", "Miembros") \
    X(HEAD_WINDOW, "Window", "Periodo") \
    X(HEAD_POLICY, "Policy", "Política") \
    X(HEAD_POLICIES, "Policies", "Políticas") \
    X(HEAD_SEED, "Seed", "Semilla") \
    X(HEAD_STOPPED, "<strong>Stopped early.</strong> The run was interrupted: %z of %s members are in this page.", "<strong>Detenido antes de tiempo.</strong> La corrida se interrumpió: %z de %s miembros están en esta página.") \
    X(HEAD_CLIPPED, "<strong>Shares were cut to 0 or 1</strong> %s times during the run; a rule of the corridor may be out of its range.", "<strong>Hubo proporciones recortadas a 0 o 1</strong> %s veces durante la corrida; quizá una regla del corredor está fuera de su rango.") \
    X(HEAD_QUICK, "<strong>A central path.</strong> One course with every chance at its mean (<code>--quick</code>): not a mean of members, and without bands.", "<strong>Un curso central.</strong> Un solo curso con todo azar en su media (<code>--quick</code>): no es una media de miembros, y no tiene bandas.") \
    X(HEAD_FEW, "<strong>Few members.</strong> With %z members the ends of the bands are rough; use 100 or more.", "<strong>Pocos miembros.</strong> Con %z miembros los extremos de las bandas son inciertos; use 100 o más.") \
    X(HEAD_POLITICAL, "<strong>Politics: scenario, not estimate.</strong> Under &ldquo;%s&rdquo; numbers rest on politics that no data pin down; they are marked.", "<strong>Política: escenario, no estimación.</strong> Bajo &laquo;%s&raquo; hay cifras que dependen de supuestos políticos que ningún dato fija; están marcadas.") \
    X(HEAD_CONTENTS, "Contents", "Contenido") \
    X(HEAD_TO_FINDINGS, "Findings", "Resultados") \
    X(HEAD_TO_LIMITS, "What this page may say", "Qué puede decir esta página") \
    /* the mark of politics */ \
    X(MARK_POLITICS, "politics: scenario", "política: escenario") \
    X(MARK_WHY, "rests on politics: scenario, not estimate", "depende de la política: escenario, no estimación") \
    /* findings */ \
    X(FIND_TITLE, "Findings", "Resultados") \
    X(FIND_ABOUT, "about ", "cerca de ") \
    X(FIND_BETWEEN, "between %s and %s %s", "entre %s y %s %s") \
    X(FIND_BETWEEN_TWO, "between %s %s and %s %s", "entre %s %s y %s %s") \
    X(FIND_FROM_TO, "from %s to %s", "del %s al %s") \
    X(FIND_NINETY, "90&nbsp;% ", "90&nbsp;% ") \
    X(FIND_NONE, "No clear difference in any headline number.", "Ninguna diferencia clara en las cifras principales.") \
    X(FIND_UNCLEAR, "<b>No clear sign</b> (fewer than 95&nbsp;% of members agree): ", "<b>Sin signo claro</b> (menos del 95&nbsp;% de los miembros coincide): ") \
    X(FIND_SAME, "<b>The same in every member</b>: ", "<b>Igual en todos los miembros</b>: ") \
    X(FIND_LEVEL, "(90&nbsp;%% between %s and %s)", "(90&nbsp;%% entre %s y %s)") \
    X(FIND_HOW, "Each policy against <b class=\"p0\">%s</b>, member by member under the same chance events, so that what differs is the policy. &ldquo;About&rdquo; is the median; 90&nbsp;%% of members lie in the range given.", "Cada política frente a <b class=\"p0\">%s</b>, miembro por miembro y con los mismos azares, de modo que lo que difiere es la política. &ldquo;Cerca de&rdquo; es la mediana; el 90&nbsp;%% de los miembros cae en el intervalo dado.") \
    X(FIND_HOW_ONE, "Where things stand under <b class=\"p0\">%s</b>. The number is the median of all members.", "Cómo están las cosas bajo <b class=\"p0\">%s</b>. La cifra es la mediana de todos los miembros.") \
    /* charts */ \
    X(CHART_TITLE, "Charts", "Gráficas") \
    X(CHART_MEDIAN, "median of the members", "mediana de los miembros") \
    X(CHART_HALF, "half of the members", "la mitad de los miembros") \
    X(CHART_MOST, "90&nbsp;% of the members", "90&nbsp;% de los miembros") \
    X(CHART_OBSERVED, "observed", "observado") \
    X(CHART_OBSERVED_TO, "observed, to %s", "observado, hasta %s") \
    X(CHART_AXIS, "axis does not start at zero", "el eje no empieza en cero") \
    X(CHART_RESTS, "rests on: %s", "depende de: %s") \
    X(CHART_FROM_HERE, "simulated from here", "simulado desde aquí") \
    X(CHART_PART, "policies part", "las políticas se separan") \
    X(CHART_AND, "and %s", "y %s") \
    X(CHART_KEYS, "Chart; left and right keys read values", "Gráfica; las flechas izquierda y derecha leen valores") \
    X(CHART_ALT, "Line chart of %s, simulated. Medians %s:", "Gráfica de líneas de %s, simulado. Medianas %s:") \
    X(CHART_ALT_LINE, "%s %s: %s %s, 90 %% of members from %s to %s.", "%s %s: %s %s, 90 %% de los miembros de %s a %s.") \
    X(CHART_ALT_PAIR, "Paired difference of %s, %s less %s, simulated. %s: median %s %s, 90 %% of members from %s to %s.", "Diferencia por pares de %s, %s menos %s, simulado. %s: mediana %s %s, 90 %% de los miembros de %s a %s.") \
    X(CHART_ALT_CELL, "%s, %s, simulated; values in the table", "%s, %s, simulado; valores en la tabla") \
    X(CHART_NO_CHANGE, "<b>None</b> %s", "<b>Ninguna</b> %s") \
    X(CHART_AGREE, "<b>%s</b> %s %s; same sign in %s&nbsp;%% of members", "<b>%s</b> %s %s; mismo signo en %s&nbsp;%% de los miembros") \
    X(CHART_SAME, "No difference in any member: ", "Sin diferencia en ningún miembro: ") \
    X(CHART_VERSUS, "Difference from <b class=\"p0\">%s</b>, in pairs%s%s", "Diferencia frente a <b class=\"p0\">%s</b>, por pares%s%s") \
    X(CHART_EMPTY, "The window holds no whole %s.", "El periodo no contiene una unidad completa de: %s.") \
    X(CHART_MANY, "%z more charts", "%z gráficas más") \
    X(CHART_PARTS, "%s in %z parts", "%s en %z partes") \
    X(CHART_OWN_AXIS, "Each part has its own axis.", "Cada parte tiene su propio eje.") \
    X(CHART_BY_CELL, "%s by cell", "%s por parte") \
    X(CHART_TABLE, "Table of %s", "Tabla de %s") \
    X(CHART_EVERY, "; every %z periods", "; cada %z periodos") \
    X(CHART_OBSERVED_HEAD, "Observed", "Observado") \
    X(CHART_DIFFERENCE, "Difference, %s", "Diferencia, %s") \
    /* the table */ \
    X(TABLE_TITLE, "Table", "Tabla") \
    X(TABLE_HOW, "Medians, and in small print the range of 90&nbsp;% of the members.", "Medianas y, en letra pequeña, el intervalo del 90&nbsp;% de los miembros.") \
    X(TABLE_PAIRS, " Differences are taken in pairs from <b class=\"p0\">%s</b>; <em>same sign</em> is the share of members whose difference has the sign of the mean difference.", " Las diferencias se toman por pares frente a <b class=\"p0\">%s</b>; <em>mismo signo</em> es la proporción de miembros cuya diferencia tiene el signo de la diferencia media.") \
    X(TABLE_SPLIT, " Under a difference: how much of its variance is chance, doubt about parameters, and doubt about politics.", " Bajo una diferencia: cuánto de su varianza es azar, duda sobre los parámetros y duda sobre la política.") \
    X(TABLE_SHARES, "chance %s&nbsp;%%, parameters %s&nbsp;%%, politics %s&nbsp;%%", "azar %s&nbsp;%%, parámetros %s&nbsp;%%, política %s&nbsp;%%") \
    X(TABLE_LABEL, "Results", "Resultados") \
    X(TABLE_DIFFERENCE, "Difference", "Diferencia") \
    X(TABLE_SIGN, "Same sign", "Mismo signo") \
    X(TABLE_LAST, "Last period", "Último periodo") \
    X(TABLE_WINDOW, "Whole window", "Todo el periodo") \
    X(TABLE_OVER, "window: %s", "todo el periodo: %s") \
    X(TABLE_SAME, "the same in every member", "igual en todos los miembros") \
    X(TABLE_NONE, "none", "ninguna") \
    /* dates */ \
    X(DATES_TITLE, "Dates", "Fechas") \
    X(DATES_HOW, "The first day of the window on which it is so: the median, and in small print the range of 90&nbsp;% of the members. <em>Ever</em> is the share of members in which it is so at all.", "El primer día del periodo en que ocurre: la mediana y, en letra pequeña, el intervalo del 90&nbsp;% de los miembros. <em>Alguna vez</em> es la proporción de miembros en que llega a ocurrir.") \
    X(DATES_EVER, "Ever", "Alguna vez") \
    /* policies */ \
    X(POLICY_HOW, "What each policy sets, and when.", "Qué fija cada política, y cuándo.") \
    X(POLICY_FIRST, "The first is what the others are compared with; they keep its settings where nothing else is said.", "La primera es con la que se comparan las demás, que conservan sus valores donde no se dice otra cosa.") \
    X(POLICY_LEVER, "Lever", "Palanca") \
    X(POLICY_SETTINGS, "Settings", "Valores") \
    X(POLICY_DATES, "Dates of the window", "Fechas del periodo") \
    X(POLICY_NO_CHANGE, "No setting changes within the window.", "Ningún valor cambia dentro del periodo.") \
    X(POLICY_AS_FIRST, "The same settings as the first policy.", "Los mismos valores que la primera política.") \
    X(POLICY_ENDS_ON, "ends on %s", "termina el %s") \
    X(POLICY_ENDS, "ends", "termina") \
    X(POLICY_INSTEAD, " instead of ", " en vez de ") \
    X(POLICY_THROUGHOUT, ", throughout", ", todo el tiempo") \
    X(POLICY_FROM, ", from %s", ", desde el %s") \
    X(POLICY_ALL, "All %z dated settings of %s", "Los %z valores con fecha de %s") \
    X(POLICY_ALL_LABEL, "All settings", "Todos los valores") \
    X(POLICY_SINCE, "From", "Desde") \
    X(POLICY_VALUE, "Value", "Valor") \
    /* claims */ \
    X(CLAIMS_TITLE, "Claims", "Cifras publicadas") \
    X(CLAIMS_HOW, "What was said, what the attached series say, what the model says, and why they differ. The model's numbers are simulated, those of %s over exactly the same days: the median, and the range of 90&nbsp;%% of the members.", "Qué se dijo, qué dicen las series, qué dice el modelo y por qué difieren. Las cifras del modelo son simuladas, las de %s en exactamente los mismos días: la mediana y el intervalo del 90&nbsp;%% de los miembros.") \
    X(CLAIMS_OTHERS, "Where the run does not hold the days of a figure, <code>paso explain --claims</code> runs the corridor for them.", "Donde la corrida no contiene los días de una cifra, <code>paso explain --claims</code> corre el corredor para ellos.") \
    X(SAYS_IN_ALL, "in all, to ", "en total, hasta el ") \
    X(SAYS_NO_SERIES, "no series", "sin serie") \
    X(SAYS_NOT_RUN, "not in this run", "fuera de esta corrida") \
    X(SAYS_ABOUT, "About", "Sobre") \
    X(SAYS_SAID, "Said", "Se dijo") \
    X(SAYS_SERIES, "Series", "Series") \
    X(SAYS_MODEL, "Model", "Modelo") \
    X(SAYS_WHY, "Why they differ", "Por qué difieren") \
    X(SAYS_WHY_SHORT, "Why", "Por qué") \
    X(SAYS_CLAIMS_OF, "members under", "miembros bajo") \
    X(SAYS_NO_CLAIMS, "no published figure in this corridor: see docs/language.md, claims", "ninguna cifra publicada en este corredor: véase docs/language.md, claims") \
    /* mechanisms */ \
    X(MECHANISM_HOW, "how", "cómo") \
    X(MECHANISM_LEVER, "lever", "palanca") \
    X(MECHANISM_THEN, "then", "entonces") \
    X(MECHANISM_RESTS, "rests on", "depende") \
    X(MECHANISM_SOURCES, "sources", "fuentes") \
    X(MECHANISM_TO, " to ", " a ") \
    X(MECHANISM_HELD, "held by ", "la tiene: ") \
    X(MECHANISM_UP, "up", "sube") \
    X(MECHANISM_DOWN, "down", "baja") \
    X(MECHANISM_NOW, "at once", "de inmediato") \
    X(MECHANISM_AFTER, "after ", "tras ") \
    X(MECHANISM_SCENARIO, "scenario", "escenario") \
    X(MECHANISM_NOT_FED, "; BUT THIS LEVER DOES NOT FEED IT", "; PERO ESTA PALANCA NO LA ALCANZA") \
    X(MECHANISM_NONE, "no mechanism has a number: see docs/language.md, mechanisms", "ningún mecanismo tiene número: véase docs/language.md, mechanisms") \
    X(MECHANISM_TAGS, "without a number, names only: ", "sin número, solo nombres: ") \
    X(MECHANISM_HEAD, "| mechanism | lever | who holds it | output | sign | delay | rests on | sources |", "| mecanismo | palanca | quién la tiene | resultado | signo | demora | depende de | fuentes |") \
    /* assumptions */ \
    X(ASSUME_TITLE, "Assumptions and sources", "Supuestos y fuentes") \
    X(ASSUME_SHORT, "Assumptions", "Supuestos") \
    X(ASSUME_HOW, "<mark>Assumed</mark>, as no source pins them down: %z of %z parameters. Each parameter is drawn anew for every member from its range (5 to 95&nbsp;%%); without a range it is held fixed. Levers are what somebody can set; policies change levers and nothing else.", "<mark>Supuestos</mark>, porque ninguna fuente los fija: %z de %z parámetros. Cada parámetro se sortea de nuevo para cada miembro dentro de su rango (5 a 95&nbsp;%%); sin rango queda fijo. Las palancas son lo que alguien puede fijar; las políticas cambian palancas y nada más.") \
    X(ASSUME_ASSUMED, "assumed", "supuesto") \
    X(ASSUME_WHO, "Set by ", "La fija: ") \
    X(ASSUME_PARAMETERS, "parameters", "parámetros") \
    X(ASSUME_LEVERS, "levers", "palancas") \
    X(ASSUME_RANGE, "Range, 90 %", "Rango, 90 %") \
    X(ASSUME_BOUNDS, "Bounds", "Límites") \
    X(ASSUME_NAME, "Name", "Nombre") \
    X(ASSUME_UNIT, "Unit", "Unidad") \
    X(ASSUME_LAYER, "Layer", "Capa") \
    X(ASSUME_SOURCE, "Source", "Fuente") \
    X(ASSUME_SOURCES, "Sources", "Fuentes") \
    /* the end */ \
    X(LIMITS_TITLE, "What this page may and may not say", "Qué puede y qué no puede decir esta página") \
    X(LIMITS_SIMULATED, "Everything here is <strong>simulated</strong> by a model that leaves out most of life. It may say how far two policies lie apart <em>in this model</em>, under the assumptions above, and how sure the model is of the sign. It may not say what will happen. The bands hold what the model varies, chance and the ranges of its parameters; they do not hold the possibility that its rules are wrong.", "Todo aquí está <strong>simulado</strong> por un modelo que deja fuera la mayor parte de la vida. Puede decir cuánto se apartan dos políticas <em>en este modelo</em>, bajo los supuestos de arriba, y qué tan seguro está el modelo del signo. No puede decir qué va a pasar. Las bandas contienen lo que el modelo varía, el azar y los rangos de sus parámetros; no contienen la posibilidad de que sus reglas estén equivocadas.") \
    X(LIMITS_SCENARIO, "<strong>Estimates and scenarios are different things.</strong> Where a parameter has a source and a range, data speak. What is marked <em>assumed</em>, what rests on the layers <em>behaviour</em> or <em>politics</em>, and every policy is a supposition: read it as &ldquo;if this, then that&rdquo;, never as a forecast. No line on this page is one course of events: lines join the medians of all members.", "<strong>Las estimaciones y los escenarios son cosas distintas.</strong> Donde un parámetro tiene fuente y rango, hablan los datos. Lo marcado como <em>supuesto</em>, lo que depende de las capas <em>comportamiento</em> o <em>política</em>, y toda política comparada es una suposición: léase como &ldquo;si esto, entonces aquello&rdquo;, nunca como un pronóstico. Ninguna línea de esta página es un curso de los hechos: las líneas unen las medianas de todos los miembros.") \
    X(LIMITS_AGGREGATES, "<strong>Aggregates only.</strong> Paso counts people; it holds no data about identifiable persons and can not tell what becomes of anyone. Small numbers are rounded, and most of a small number is chance. If you quote a number, quote its band, the word <em>simulated</em>, and the policy that it is compared with.", "<strong>Solo agregados.</strong> Paso cuenta personas; no contiene datos sobre personas identificables y no puede decir qué será de nadie. Los números pequeños se redondean, y la mayor parte de un número pequeño es azar. Si cita una cifra, cite su banda, la palabra <em>simulado</em> y la política con la que se compara.") \
    X(FOOT_TITLE, "How it was made", "Cómo se hizo") \
    X(FOOT_COMMAND, "Command", "Comando") \
    X(FOOT_VERSION, "Version", "Versión") \
    X(FOOT_COMMIT, "Commit", "Commit") \
    X(FOOT_HASH, "Corridor, SHA-256", "Corredor, SHA-256") \
    X(FOOT_FINISHED, "Finished", "Terminado") \
    X(FOOT_AGAIN, "The same corridor, command and version give the same numbers. All of them as a table: <code>paso export %s --format csv</code>", "El mismo corredor, comando y versión dan las mismas cifras. Todas ellas como tabla: <code>paso export %s --format csv</code>")
/* clang-format on */

#endif
