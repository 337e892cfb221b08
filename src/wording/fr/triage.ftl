# Triage : humeur, raisons, corrections, règles qui en naissent.

triage-field-topic = Sujet
triage-field-priority = Priorité
triage-field-role = Rôle
triage-field-tag = Étiquette
triage-field-mood = Humeur
triage-field-language = Langue
triage-why-rule = { $field } : règle { $rule }
triage-why-words = { $field } : les mots « { $words } »
triage-why-model = { $field } : modèle, sûr à { $percent } % : { $words }
triage-why-model-bare = { $field } : modèle, sûr à { $percent } %
triage-why-letters = { $field } : reconnue à ses lettres et à ses mots
triage-why-no-words = { $field } : aucun mot ni signe d’humeur
triage-why-default = { $field } : aucune règle ne s’applique, valeur par défaut
triage-why-said = { $field } : choix d’un membre de l’équipe
card-mood = Humeur
mood-negative = négative
mood-neutral = neutre
mood-positive = positive
triage-why-corrected = { $field } : corrigé par { $who } (auparavant { $from })
