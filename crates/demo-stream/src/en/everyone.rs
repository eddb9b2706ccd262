//! English turns of speech that every trade shares, answers, spam, news, reviews of other things.

use crate::words::Rules;

#[rustfmt::skip]
pub(crate) const RULES: Rules = &[
    ("hello", &[
        "hi all", "hey folks", "quick question", "hive mind", "anyone", "neighbours", "fellow expats", "help me out", "genuine question",
        "dear internet",
    ]),
    ("whoknows", &[
        "anyone been through this?", "does anyone know?", "worth it?", "any experience?", "thanks in advance.", "what do you think?",
        "or is it just me?", "asking for a friend.", "tips welcome.",
    ]),
    ("anger", &[
        "how is this acceptable?", "I'm so done.", "what am I paying for?", "absolute joke.", "never again.", "every single time.",
        "thanks for ruining my evening.", "I want my nerves back.", "shame.", "still waiting, no longer hoping.", "words fail me.",
        "honestly impressive how bad this is.", "do better.",
    ]),
    ("joy", &[
        "colour me impressed.", "more of this please.", "made my day.", "no complaints at all.", "didn't see that coming.",
        "thank you, people!", "five stars from me.", "credit where it's due.", "refreshing.", "recommended.",
    ]),
    ("time", &[
        "{#2-9} days", "the third day running", "a week", "almost a month", "{#20-59} minutes", "two hours", "since this morning",
        "since last night", "half a day",
    ]),
    ("span", &["{#2-9} days", "a week", "almost a month", "{#20-59} minutes", "two hours", "half a day"]),
    ("robot", &["the chatbot", "the voice assistant", "the recorded lady", "the bot"]),
    ("sum", &["€{#5-99}", "{#2-9}0 euros", "€{#100-480}", "{#12-90} quid"]),
    ("friend", &["my sister", "my wife", "my mum", "a colleague", "the neighbour", "my flatmate", "my aunt"]),
    ("wait", &[
        "spent {#20-59} minutes on hold and nobody picked up", "{robot} asks me to rephrase the question",
        "all I get is copy-paste replies", "they closed my ticket without a word", "they promised to call back, {span} of silence so far",
        "every agent tells a different story", "I keep being transferred in circles", "apparently the problem is on my end",
    ]),
    ("any.job", &[
        "{b.nom} is hiring <shop assistants|contact centre agents|field engineers|junior analysts|couriers> {c.in}. From €{#15-38}00, training included. Apply: {link}",
        "Vacancy: <support specialist|account manager|QA engineer> at {b.nom}, {c.nom}. Hybrid, health insurance from day one. {link}",
        "we have an opening at {b.nom} <in support|in sales|at the warehouse>, decent team, paid on time. DM me if interested",
        "anyone worked at {b.nom}? Got an interview next week, what's the culture like?",
    ]),
    ("any.help", &["{hello}, if you are with {b.nom}, <is everything working for you?|could you check something for me?>"]),
    ("any.mixed", &[
        "Pros: {plus}, {plus2}. Cons: {minus}. <Fine overall|Three stars, generously|Staying for now|Let's see>.",
        "With them for {#2-9} years. {plus}, but {minus}. {minus2}. A solid three.",
        "Good: {plus}.\nBad: {minus}, {minus2}.\nVerdict: <could be worse|not for everyone|don't expect wonders>.",
    ]),
    ("plus", &["fair prices", "the app is decent", "sign-up took ten minutes", "friendly staff", "no paperwork"]),
    ("plus2", &["works almost everywhere", "chat answers even at night", "no hidden fees so far", "bonus points add up"]),
    ("minus", &[
        "support is slow", "promises and reality differ", "the app crashes", "constant maintenance windows", "daily marketing texts",
    ]),
    ("minus2", &["impossible to reach a human", "terms changed retroactively", "dead on weekends", "used to be better"]),
    ("reply.support", &[
        "Hi there! <Sorry to hear that|Thanks for reaching out|We understand the frustration>. Please DM us your <phone number|contract number|ticket number> and we'll <look into it|sort this out>.",
        "Hello! <We're checking this|Passed on to our engineers>, expect an answer within {#2-24} hours.",
        "We've replied to you in a direct message.", "Apologies for the trouble. Could you tell us the address and when this started?",
        "Thanks for getting in touch! The in-app chat is the quickest way: {link}",
        "That shouldn't happen. Send us a DM and we'll make it right.",
    ]),
    ("reply.back", &[
        "sent you a DM, waiting", "I already wrote {#2-6} times", "thanks, will try", "here we go, 'please DM us' again",
        "that worked, thank you so much", "nope, tried that already", "ok", "and how long is the wait?", "haha exactly",
        "do you use your own service?", "sorted, thanks",
    ]),
    ("reply.agree", &[
        "same here", "+1", "same, {time}", "left ages ago, no regrets", "file a complaint, nothing else moves them", "ask for a refund",
        "sorry to hear, happened to {friend} too", "they're all like that tbh", "weird, mine works fine", "you get what you pay for",
        "keep screenshots", "hang in there", "that's exactly why I gave up on them",
    ]),
    ("reply.advice", &[
        "try the app, it's easier there", "call them, chat is useless", "<reinstalling|logging out and in|restarting> fixed it for me",
        "depends where you live", "been with them {#2-7} years, {verdict}", "I wouldn't risk it", "go for it",
        "take it for a month and see", "they sorted it in the branch in five minutes", "following, same question", "read the small print",
        "just checked, works for me", "DM me, I can help",
    ]),
    ("verdict", &[
        "all good", "ups and downs, bearable", "pretty happy", "a surprise every month", "not perfect but the rest are worse",
        "never let me down",
    ]),
    ("reply.doubt", &[
        "ad?", "hmm not sure", "details?", "how much is it?", "hard to believe", "link doesn't open", "tempting", "bookmarked", "you again",
    ]),
    ("reply.chat", &["{rc}", "{rc}", "{rc}", "{rc} , {rc_more}", "{rc} . {rc_more}", "{rc_more}"]),
    ("rc_more", &[
        "{who} is just like that", "{who} says the same", "read it aloud, we all laughed", "noted", "trying this tomorrow",
        "can I steal this?", "same in our town", "telling everyone at home", "bookmarked", "if you know you know", "that's how we live",
        "this is why I love this place", "now I want {f_dish}", "passing it on", "not even surprised", "I needed that {day}",
    ]),
    ("rc", &[
        "haha", "too real", "agreed", "meh", "well said", "where is this?", "congrats!", "hang in there", "this", "exactly", "debatable",
        "same over here, believe it or not", "thanks for the laugh", "and then?", "pics please", "wait till you see winter",
        "took the words out of my mouth", "who would have thought", "{friend} says the same", "we'll get through this",
        "I actually love it", "disagree, it's more complicated", "how much was it, if I may ask?", "recipe please", "waiting for part two",
        "lovely", "relatable", "that escalated quickly",
    ]),
    ("title.forum", &["Connectivity forum", "Home and DIY", "Personal finance", "{c.nom} expats", "Hardware talk"]),
    ("title.reviews", &["Voice of the Buyer", "Plain Reviews"]),
    ("title.news", &["{c.nom} Courier", "The {c.nom} Morning", "Business Chronicle", "Telecom Observer"]),
    ("title", &["{c.nom}"]),
    ("any.news", &[
        "{b.nom} grows its customer base {c.in} by {#3-27}%\nThe company reported quarterly results. Revenue rose {#2-19}%. Next year it plans to <open {#5-40} branches|refresh its app|invest in infrastructure>.",
        "{b.nom} to open a service centre {c.in}\nThe site is to start before the end of the year and will employ about {#40-300} people, the press office said. More: {link}",
        "Regulator looks into {b.nom} advertising\nA complaint by a resident of {c.nom} prompted the check. The company says it will provide all documents.",
        "How {b.nom} compares with its rivals\nResearchers asked {#6-30}00 people. Most complaints were about <waiting times|services nobody asked for|unclear terms>.",
    ]),
    ("spam.telecom", &[
        "{b.nom} promo! Every customer gets {#10-50} GB free, activate before midnight: {link}",
        "Selling a golden {b.nom} number, cheap, direct transfer. DM me, I answer everyone!",
        "Warning! {b.nom} is raising prices. Keep your old plan with this guide: {link} Tell your family!",
    ]),
    ("spam.bank", &[
        "I can get you a loan at {b.nom} with any credit history. No prepayment, DM. {link}",
        "{b.nom} card + €{#10-50} on your account with my link. Verified, paid in {#2-3} days! {link}",
    ]),
    ("spam.shop", &[
        "Giving away {b.nom} promo codes worth €{#10-50}, one for every follower: {link}",
        "{b.nom} warehouse clearance! {g.nom} from €{#3-19}. Only {#2-6} hours left: {link}",
    ]),
    ("spam.other", &[
        "Looking for {#3-7} people for my team, remote, 2-3 hours a day, €{#900-3000} a month. Comment + below!",
        "Giveaway! Win {g.acc}: follow and repost. Results on Sunday: {link}",
        "The truth about weight loss: minus {#5-15} kg in a month, no diets. Worked for me: {link}",
        "Three kittens need a home! Litter trained, very gentle. Please repost!",
        "Cash for cars in any condition, same day. Send a photo. {link}",
    ]),
    ("news.other", &[
        "{n_what} {c.in}\nWork starts <next week|in spring|within days> and will take {#2-9} months. Residents are asked to <plan their routes|be patient|follow announcements>.",
        "{n_event} draws crowds {c.in}\nAbout {#2-90}00 people took part. Winners were awarded in the <city park|library|town hall>. Next year promises to be bigger.",
        "What the weekend weather looks like\nExpect <changing clouds|sleet|up to {#10-28} degrees|strong wind> {c.in}. Drivers are asked to keep their distance.",
        "How much <coffee|sleep|walking> do we need? Scientists answer\nThe study followed {#301-8999} volunteers. It is not the amount that matters but the <routine|mood|habit>.",
        "Local team {n_sport}\nThe match ended {#0-4}:{#0-3} before {#1100-9800} spectators. It was decided in the final minutes.",
    ]),
    ("n_what", &[
        "Bridge closes for repairs", "Tram tracks to be renewed", "{#2-9}00 trees to be planted", "Embankment to be rebuilt",
        "New bus line launches", "New school for {#6-12}00 pupils planned",
    ]),
    ("n_event", &["Jam festival", "Half marathon", "Brass band contest", "Chess championship", "Bicycle parade", "Book fair"]),
    ("n_sport", &["snatches away win", "loses in overtime", "draws with the leaders", "reaches the semi-final"]),
    ("review.bad", &[
        "{rv_place}: {rv_bad}. {anger}", "{rv_place}. {rv_bad}, {rv_bad2}. Would not recommend.",
        "Went to {rv_the} {when_v}. {rv_bad}. Not going back.",
    ]),
    ("review.good", &[
        "{rv_place}: {rv_good}. {joy}", "{rv_place}. {rv_good}, {rv_good2}. Will return.", "Went to {rv_the} {when_v}. {rv_good}. {joy}",
    ]),
    ("rv_place", &[
        "Corner bakery", "Hotel by the station", "Dentist round the back", "Gym in the mall", "Barber {c.in}", "Lakeside cabins",
        "Pizza place", "Vet clinic", "Car wash", "Coffee shop by the park",
    ]),
    ("rv_the", &["the corner bakery", "that new ramen place", "the hotel by the station", "the lakeside cabins", "the escape room"]),
    ("rv_bad", &[
        "waited {span}", "the receptionist was rude", "dirty and cold", "an extra item of {sum} on the bill", "tiny portions",
        "booked for six, seated at seven",
    ]),
    ("rv_bad2", &["no apology", "you can do better for the money", "the photos have nothing to do with reality", "they refused a refund"]),
    ("rv_good", &[
        "clean, quiet, tasty", "the owner knows her craft", "right on time", "attentive staff", "pleasantly cheap", "the kids loved it",
    ]),
    ("rv_good2", &["parking available", "already told everyone", "great for the price", "you can see they love what they do"]),
    ("when_v", &["yesterday", "on Saturday", "over the holidays", "with friends", "at lunch"]),
    ("chat.bot", &[
        "{c.nom} weather tomorrow: {#1-24}°C, wind {#1-12} m/s, <clear|cloudy|light rain|rain>",
        "Word of the day: <petrichor|sonder|gloaming|apricity|limerence>", "Traffic {c.in}: {#1-9}/10",
        "On this day: <first weather satellite image|a lighthouse was lit|a famous bridge opened>",
        "Air quality {c.in}: {#12-90}, <good|moderate>",
    ]),
];
