//! English everyday talk.

use crate::words::Rules;

#[rustfmt::skip]
pub(crate) const RULES: Rules = &[
    ("chat", &["{topic}", "{topic}", "{topic}", "{topic} . {aside}", "{topic} . {aside}", "{lead} {topic}", "{plain}", "{plain}"]),
    ("lead", &[
        "so,", "okay,", "listen,", "off topic, but", "news of the day:", "you know,", "small observation:", "{c.nom} chronicles:",
        "from real life:", "update:", "true story:",
    ]),
    ("aside", &[
        "how about you?", "such is life", "that's the news", "who gets me?", "day not wasted", "funny but true", "mum was right",
        "{who} doesn't believe it", "{who} is laughing", "off for a walk", "no photo, sorry", "to be continued tomorrow",
        "be nice in the comments", "{day} was worse", "remind me in a year", "is it only me?", "the kids are thrilled",
        "saving this for later", "even {pet} was surprised", "okay, back to things", "childhood was simpler", "you're welcome",
        "full of surprises, this life", "and it's only Wednesday", "the neighbours know", "don't ask", "more on this never",
        "still thinking about it",
    ]),
    ("topic", &[
        "{weather}", "{transit}", "{food}", "{food}", "{home}", "{work}", "{work}", "{kids}", "{pets}", "{pets}", "{thought}", "{thought}",
        "{short}", "{short}", "{sport}", "{watch}", "{read}", "{music}", "{code}", "{code}", "{travel}", "{travel}", "{health}", "{lang}",
        "{night}",
    ]),
    ("plain", &["{sell}", "{ask}", "{ask}", "{greet}", "{story}", "{photo}"]),
    ("feel", &[
        "strange feeling", "beautiful though", "funny and sad", "mood: soup", "life is good", "I miss the sea", "could be worse",
        "smiling like an idiot", "send coffee", "tired but happy", "and that's fine", "no regrets",
    ]),
    ("day", &["today", "yesterday", "on Saturday", "this morning", "last night", "on Monday", "before work"]),
    ("who", &[
        "my boss", "my brother", "the neighbour", "my flatmate", "a colleague", "my dad", "my coach", "my grandma", "the landlord",
        "my daughter",
    ]),
    ("weather", &[
        "{w_what} {c.in} {day}, {feel}", "{w_what}. {w_end}", "who ordered {w_noun}?", "forecast said {w_noun}, reality said {w_noun}",
        "looked out of the window: {w_what}. {w_end}", "{c.nom} weather check: {w_what}",
    ]),
    ("w_what", &[
        "pouring rain", "blazing sun", "fog you could slice", "wind that steals hats", "first frost", "a double rainbow", "purple sky",
        "snow in fat flakes", "sleet, my favourite",
    ]),
    ("w_noun", &["snow", "hail", "a heatwave", "a thunderstorm", "spring", "horizontal rain"]),
    ("w_end", &[
        "dress warm", "staying in", "worth waking up for", "tomorrow is supposed to be worse", "cocoa time", "the months got shuffled",
    ]),
    ("transit", &[
        "tram {#1-24} is late again, {feel}", "{#20-70} minutes to work. {tr_why}", "on the bus: {tr_bus}",
        "cycled to work in {#12-40} minutes, {feel}", "train cancelled because {tr_why}",
    ]),
    ("tr_why", &[
        "there are leaves on the line", "it's roadworks season nine", "someone parked on the tracks", "there is a swan on the track",
        "nobody knows why",
    ]),
    ("tr_bus", &[
        "a man with a ladder", "two toddlers debating dinosaurs", "someone reading my book over my shoulder",
        "the driver wished everyone a nice weekend", "a dog in a better coat than mine",
    ]),
    ("food", &[
        "{f_dish} for dinner, {f_end}", "{day} I made {f_dish}. {f_end}", "{f_dish}: {f_op}", "hot take: {f_dish} {f_op2}",
        "{who} brought {f_dish}, {feel}", "craving {f_dish} at {#1-4} am", "is {f_dish} breakfast? {f_end}",
    ]),
    ("f_dish", &[
        "ramen", "leftover curry", "pancakes", "mushroom risotto", "khachapuri", "shakshuka", "lentil soup", "cheese toast", "pierogi",
        "tacos", "plum cake", "sourdough", "gnocchi",
    ]),
    ("f_end", &[
        "diet starts tomorrow", "nobody left for the dishes", "seconds were had", "the smoke alarm disagrees", "would do again",
        "the cat approves", "recipe on request",
    ]),
    ("f_op", &["better on day two", "overrated, sorry", "could eat it daily", "needs more garlic", "10/10"]),
    ("f_op2", &[
        "does not need raisins", "is a soup", "should be illegal after midnight", "counts as vegetables", "tastes better outdoors",
    ]),
    ("home", &[
        "the neighbour upstairs {h_up}", "{h_thing} {day}. {h_end}", "day {#2-90} of renovation: {h_end}",
        "why is there always one screw left?", "landlord fixed the boiler, {feel}",
    ]),
    ("h_up", &[
        "took up tap dancing", "moves furniture at 2 am", "is learning the trumpet", "flooded us but brought cake", "vacuums at dawn",
    ]),
    ("h_thing", &[
        "assembled a wardrobe", "painted the hallway", "unclogged the sink", "found my diary from school", "hung exactly one picture",
        "repotted everything",
    ]),
    ("h_end", &[
        "I feel heroic", "four parts left over", "never again", "home sweet home", "looks worse but in a new way", "dust is family now",
    ]),
    ("work", &[
        "{who} {wk_who}, {wk_end}", "{wk_thing} at work. {wk_end}", "{#2-4}-hour meeting that could have been an email",
        "{#2-40} days to vacation. {wk_end}", "remote work is when {wk_home}", "interview went well: {wk_int}",
        "the printer and I are no longer on speaking terms",
    ]),
    ("wk_who", &[
        "replied all", "brought pastries and saved the team", "asked for the password again", "quit in one day", "calls deadlines 'vibes'",
        "muted himself for the whole demo",
    ]),
    ("wk_thing", &[
        "coffee machine broke", "new intern deleted the shared folder", "reorg number four", "fire drill in the rain",
        "a spreadsheet with forty tabs and no formula",
    ]),
    ("wk_end", &[
        "hanging in there", "laughing through tears", "and it's only Tuesday", "making tea", "CV updated", "send help", "as usual",
    ]),
    ("wk_home", &[
        "the cat joins every call", "lunch is at four", "you wear a shirt on top and pyjamas below", "the courier knows your life story",
    ]),
    ("wk_int", &[
        "they asked where I see myself in five years. On holiday", "{#3-7} rounds and a puzzle about elephants", "I start on Monday!",
        "I called the CEO 'mum'",
    ]),
    ("kids", &[
        "my kid ({#3-9}): '{kd_say}'", "school chat: {#40-300} messages about a bake sale",
        "up till eleven making a cardboard volcano. {kd_end}", "he scored his first goal. {kd_end}", "she tied her shoes herself. {kd_end}",
        "nursery wants pine cones by tomorrow. They told us at nine pm",
    ]),
    ("kd_say", &[
        "when will you grow up?", "I'm not asleep, I'm saving energy", "soup is wet food", "did dinosaurs pay rent?",
        "you go to school and I go to work", "the moon follows us because it likes you",
    ]),
    ("kd_end", &["so proud", "we all cried", "new grey hair unlocked", "where does she get it from", "keep these moments"]),
    ("pets", &[
        "{pet} {pt_do}, {pt_end}", "{day} {pet} {pt_do}. {pt_end}", "bought a bed for {sum}, {pet} sleeps in the box",
        "vet said: '{pt_vet}'", "{#2-9} years with {pet}. {feel}",
    ]),
    ("pet", &["the cat", "my dog", "the hamster", "our parrot", "the kitten", "the rabbit", "the ginger one", "grandma's goose"]),
    ("pt_do", &[
        "knocked the tree over", "stole a sausage", "learned to open the fridge", "stares at the wall", "sits in the sink",
        "is scared of the hoover", "slept on my report", "chewed the charger", "brought a friend home",
    ]),
    ("pt_end", &[
        "zero shame", "love this menace", "look at those eyes", "jealous of that life", "long night ahead", "my fault for feeding him",
    ]),
    ("pt_vet", &["more pillow than cat", "healthy as an ox", "less food, more play", "personality can't be treated"]),
    ("thought", &[
        "{th_start} {th}", "{th}, {th_end}", "{th}. {th_end}", "unpopular opinion: {th}", "{day} it hit me: {th}", "why {th_why}?",
    ]),
    ("th_start", &["noticed that", "strange, but", "no one says it, but", "I keep thinking that", "turns out"]),
    ("th", &[
        "people greet each other less", "{#30-45} is the new twenty", "summer lasts three days", "most people are kinder than they seem",
        "queues teach patience", "we explain too much", "cities are different at night", "good bread matters more than a good phone",
        "silence is a luxury", "paper maps were honest",
    ]),
    ("th_end", &[
        "or I'm getting old", "not arguing", "that's it, that's the post", "and it's beautiful", "writing it down", "change my mind",
    ]),
    ("th_why", &[
        "do socks vanish one at a time", "does it rain right after a car wash", "do I wake at six on holiday",
        "is everything tasty bad for you", "are weekends shorter than lunch",
    ]),
    ("sell", &[
        "selling {sb}, {sb_st}, {sum}, pick up {c.in}", "giving away {sb} {c.in}", "looking for {sb}, second hand is fine",
        "swap: {sb} for {sb2}, {c.nom}",
    ]),
    ("sb", &["a pram", "a bicycle", "a sofa", "a guitar", "a fridge", "an aquarium", "a sewing machine", "a ficus", "a tent", "skates"]),
    ("sb2", &["a scooter", "honey", "books", "surprise me"]),
    ("sb_st", &["great condition", "see photos", "used twice", "works", "one scratch"]),
    ("ask", &[
        "{hello}, recommend {ak}", "where {c.in} can I {ak_where}?", "{ak_how}? {whoknows}", "{hello}: {ak_how}?", "is there {ak} {c.in}?",
    ]),
    ("ak", &[
        "a good dentist", "a cheap hotel", "a gift for my mother-in-law", "a place for {#8-25} people", "a hairdresser who listens",
        "a vet who likes parrots", "a quiet café with sockets",
    ]),
    ("ak_where", &[
        "get a zip fixed", "buy fresh fish", "ice skate", "eat well for {sum}", "copy a key", "walk a dog off leash", "recycle batteries",
    ]),
    ("ak_how", &[
        "how do you get pomegranate out of a shirt", "how long do you boil crayfish", "how do I move a cat by train",
        "how do you pick a watermelon", "how do you keep kids busy in the rain", "how late is the post office open",
    ]),
    ("greet", &[
        "good morning {c.nom}! {gr}", "happy Friday! {gr}", "happy birthday to {who}! {gr}", "good night. {gr}",
        "hello from holiday, {feel}",
    ]),
    ("gr", &[
        "may it all work out", "strong coffee to you", "smile more", "have a lovely day", "take care of each other", "hugs", "be kind",
    ]),
    ("short", &["{sh}", "{sh}{sh2}", "{sh3}, {sh}"]),
    ("sh", &[
        "so it's autumn", "Friday at last", "coffee and silence", "overslept again", "home is nice", "I miss summer", "I want pancakes",
        "everything will be fine", "groundhog day", "dreams do come true", "can't keep up", "watching the snow", "new week, same me",
        "what a day", "note to self: sleep", "plot twist", "tea first",
    ]),
    ("sh2", &["", "...", "!", ", {feel}", ". {feel}"]),
    ("sh3", &["well", "anyway", "wow", "okay", "honestly", "listen", "meanwhile"]),
    ("story", &["{so_a} {so_b} {so_c} {so_d}", "{so_a} {so_b}\n\n{so_c} {so_d}", "{so_a} {so_b} {so_d}"]),
    ("so_a", &[
        "In the lift {day} with a lady I've never met.", "Waiting for the tram, a boy of about {#6-11} walks up.",
        "Came home and {pet} was on the doorstep.", "Doorbell rings: {who} with a watermelon.",
        "The woman ahead of me at the till was {sum} short.", "Lost my wallet {day}, had already given up.",
        "Taught my mum to make video calls.",
    ]),
    ("so_b", &[
        "Awkward silence.", "Something is about to happen, I think.", "And this is where it gets interesting.",
        "Couldn't tell if it was a joke.", "Everyone pretended to be busy.", "I was late already but stopped.",
    ]),
    ("so_c", &[
        "One word led to another: same home town.", "Turns out someone was filming us.",
        "{#5-20} minutes later the three of us were laughing.", "'{kd_say}', came the answer.", "Had to call a plumber, of all people.",
    ]),
    ("so_d", &[
        "Moral: talk to people.", "Walking home smiling.", "Faith in humanity restored.", "That kind of day.", "Still processing.",
        "You never know where you'll find a friend.",
    ]),
    ("sport", &[
        "ran {#3-21} km, {sp_end2}", "{#1-5}:{#0-4}, {sp_end}", "our lot {sp_did}. {sp_end}", "signed up for swimming, {sp_end2}",
        "ref {sp_ref}",
    ]),
    ("sp_did", &["slept through the first half", "won it at the death", "lost by a mile", "made the final"]),
    ("sp_end", &["my heart can't take it", "season over", "believe till the end", "sack the coach", "what a game!"]),
    ("sp_end2", &["alive", "can't move tomorrow", "personal best", "no regrets", "room for improvement"]),
    ("sp_ref", &["was on another planet", "gave a penalty for a look", "lost his whistle", "had a good night, fair play"]),
    ("watch", &[
        "watched {ci_what}. {ci_how}", "{ci_what}: {ci_how}", "recommend a {ci_want}", "finished the season in one night. {ci_how}",
    ]),
    ("ci_what", &[
        "the new detective show", "a Nordic thriller", "a cartoon with the kids", "that space film", "a whale documentary", "an old comedy",
    ]),
    ("ci_how", &[
        "botched ending", "fine once", "masterpiece, fight me", "fell asleep halfway", "great score, thin plot",
        "spent longer choosing than watching",
    ]),
    ("ci_want", &[
        "series I can't put down", "light film for tonight", "scary film, but not too scary", "crime show without blood", "good sci-fi",
    ]),
    ("read", &[
        "finished {bo}. {bo_how}", "{#5-60} unread books and I bought {#2-4} more", "{bo}: {bo_how}",
        "what's everyone reading? I'm on {bo}",
    ]),
    ("bo", &[
        "a novel about a lighthouse", "a doorstop saga", "a book on habits", "short stories", "a memoir of a polar explorer",
        "a mystery with the last page missing",
    ]),
    ("bo_how", &["can't let go", "gave up on page 100", "saggy middle", "want a sequel", "recommend", "awful translation"]),
    ("music", &[
        "one song in my head all day: {mu}", "learning the {mu_ins}, sorry neighbours", "concert {day}, {mu_how}",
        "my playlist for {mu_for} is {#2-9} hours long",
    ]),
    ("mu", &["a jingle", "an 80s chorus", "something from a lift", "a waltz"]),
    ("mu_ins", &["ukulele", "guitar", "piano", "banjo", "drums"]),
    ("mu_how", &["lost my voice", "terrible sound, great night", "goosebumps still", "walls shook"]),
    ("mu_for", &["cleaning", "rainy trains", "running", "cooking"]),
    ("code", &[
        "{co_a}. {co_b}", "deployed on a Friday. {co_b}", "spent {span} on a bug, it was {co_bug}", "TIL {co_til}",
        "my code works and I don't know why", "{#2-400} tests green, production red",
    ]),
    ("co_a", &[
        "merge conflict in a file I never touched", "wrote a script to save five minutes, took {span}",
        "the docs say one thing, the code another", "new keyboard day", "rubber duck solved it again",
    ]),
    ("co_b", &["pray for me", "worth it", "shipping it", "who reviews this", "git blame says me"]),
    ("co_bug", &["a time zone", "a trailing space", "a cache", "an off-by-one", "DNS", "me"]),
    ("co_til", &[
        "most web apps have keyboard shortcuts", "my fan has two speeds: off and helicopter", "semicolons have feelings",
        "backups need testing",
    ]),
    ("travel", &[
        "{#2-9} days in {tv}: {tv_how}", "tickets booked, {tv}! {feel}", "what to see {c.in} in {#2-3} days?", "my suitcase {tv_bag}",
        "night train, {#9-30} hours: {tv_train}",
    ]),
    ("tv", &["Lapland", "the Carpathians", "Svaneti", "Lisbon", "Crete", "the Dolomites", "Lake Ohrid", "Madeira"]),
    ("tv_how", &[
        "stars like saucers", "sunburnt on day one", "prices bite", "don't want to leave", "more people than pines", "a dream come true",
    ]),
    ("tv_bag", &["won't close", "flew to another city", "weighs as much as I do"]),
    ("tv_train", &["tea, strangers, stories", "top bunk and a good book", "neighbour snores in D minor", "fields, fields, fields"]),
    ("health", &[
        "{hl_what} for <two days|three days|a week>. {hl_end}", "quit {hl_quit} {#3-60} days ago, holding on",
        "steps today: {#3-27} thousand. {hl_end}", "slept eight hours for once, {feel}",
    ]),
    ("hl_what", &["toothache", "runny nose", "no sleep", "knee pain"]),
    ("hl_end", &["take care", "all good now", "sport is healthy, they said", "I'll live", "tea with raspberry it is"]),
    ("hl_quit", &["sugar", "coffee", "smoking", "doomscrolling"]),
    ("lang", &["learning {ln}, day {#2-400}. {ln_end}", "my {ln} teacher {ln_t}", "I ordered soup in {ln} and got {ln_got}"]),
    ("ln", &["Georgian", "Czech", "Latvian", "Polish", "Serbian", "German", "Ukrainian"]),
    ("ln_end", &["brain on fire", "seven cases, why", "finally understood a joke", "send vowels"]),
    ("ln_t", &["says I'm 'creative'", "laughed and then corrected me", "is a saint"]),
    ("ln_got", &["a salad", "directions to the station", "a hug", "three soups"]),
    ("night", &["{#2-5} am. {ni}", "can't sleep. {ni}", "who else is up? {ni}"]),
    ("ni", &[
        "thinking about something I said in 2009", "lost count of sheep at forty", "the fridge is calling", "enormous moon",
        "neighbours arguing, learning a lot",
    ]),
    ("photo", &["golden hour {c.in} 📷", "foggy morning, {ph}", "{ph}, shot on film", "my balcony, {day}: {ph}"]),
    ("ph", &["one crow, no people", "empty tram stop", "long shadows", "steam over the river", "a cat in a window"]),
];
