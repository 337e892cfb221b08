# Pourquoi moi : qui a un ticket, et comment il lui est venu.

why-rotation = { $ticket } est allé à { $who } par la rotation.
why-claimed = { $who } a pris { $ticket } de son propre chef.
why-named = { $by } a confié { $ticket } à { $who }.
why-has = { $who } a { $ticket }.
why-nobody = Personne n’a encore { $ticket }.
why-candidate = • { $who } : tour { $turn }, { $load } en cours
why-excluded-away = • { $who } : absence (tour { $turn }, { $load } en cours)
why-excluded-off-shift = • { $who } : hors horaires (tour { $turn }, { $load } en cours)
why-excluded-no-right = • { $who } : pas de droit sur ce réseau ou ce sujet (tour { $turn }, { $load } en cours)
why-excluded-at-capacity = • { $who } : nombre maximal de tickets atteint (tour { $turn }, { $load } en cours)
why-excluded-no-skill = • { $who } : pas pour ce sujet (tour { $turn }, { $load } en cours)
why-excluded-no-share = • { $who } : hors rotation (tour { $turn }, { $load } en cours)
why-excluded-has-it = • { $who } : l’avait déjà (tour { $turn }, { $load } en cours)
why-tie-only = Personne d’autre ne pouvait être choisi.
why-tie-sticky = Connaît ce client et était assez près de son tour.
why-tie-turn = Plus petit tour d’abord : travail déjà reçu, divisé par la part et la compétence.
why-tie-longest = À tours égaux : qui attendait un ticket depuis le plus longtemps.
why-tie-id = Égalité parfaite : premier de la liste.
why-passed = Au maximum, donc non retenu : { $names }.
why-counted = Attribué le { $at }. Compte pour { $cost } dans la rotation { $role }.
why-counted-by-hand = Depuis le { $at }. Compte pour { $cost } hors rotation dans { $role } : la rotation le compensera.
why-rules = Tri : { $rules }
assign-nobody-else = Personne d’autre de service ne peut prendre { $ticket } maintenant. Il reste à { $who }.
