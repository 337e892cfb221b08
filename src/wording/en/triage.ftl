# Triage: mood, reasons, corrections, rules made from them.

triage-field-topic = Topic
triage-field-priority = Priority
triage-field-role = Role
triage-field-tag = Tag
triage-field-mood = Mood
triage-field-language = Language
triage-why-rule = { $field }: matched rule { $rule }
triage-why-words = { $field }: the words “{ $words }”
triage-why-model = { $field }: model, { $percent } % sure: { $words }
triage-why-model-bare = { $field }: model, { $percent } % sure
triage-why-letters = { $field }: recognised by letters and words
triage-why-no-words = { $field }: no word or sign of mood found
triage-why-default = { $field }: no rule matched, so the default
triage-why-said = { $field }: given by hand
card-mood = Mood
mood-negative = negative
mood-neutral = neutral
mood-positive = positive
triage-why-corrected = { $field }: corrected by { $who } (was { $from })
