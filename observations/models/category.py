"""What may be ticked, and what the report says of it."""

from typing import Self

from django.db import models

from observations.enums import Polarity
from observations.models.parts import Added, CodeField, Ranked
from observations.models.questionnaire import Question, Vocabulary


class CategoryQuerySet(models.QuerySet["Category"]):
    def beside(self, category: "Category") -> Self:
        """The others that answer the same."""
        home = {"question": category.question_id, "vocabulary": category.vocabulary_id}
        return self.filter(**home).exclude(pk=category.pk)

    def that_became(self, category: "Category") -> list["Category"]:
        """Those whose answers are followed to this one. 1 query."""
        return [row for row in self.beside(category) if category.code in row.successors]

    def of(self, question: Question) -> Self:
        if question.vocabulary_id:
            return self.filter(vocabulary=question.vocabulary_id)
        return self.filter(question=question)


class Category(Ranked, Added):
    ranked_within = ("question_id", "vocabulary_id")

    question = models.ForeignKey(
        Question,
        on_delete=models.CASCADE,
        related_name="own_categories",
        null=True,
        blank=True,
        verbose_name="question",
        help_text="Pour une catégorie qui n’est qu’à elle. Exemple : « À quelle occasion ? ».",
    )
    vocabulary = models.ForeignKey(
        Vocabulary,
        on_delete=models.CASCADE,
        related_name="categories",
        null=True,
        blank=True,
        verbose_name="vocabulaire",
        help_text="Pour une catégorie commune à plusieurs questions. Exemple : « Publics ».",
    )
    code = CodeField()
    form_label = models.CharField(
        "ce que le lieu coche", max_length=200, help_text="Exemple : « Voisins et voisines »."
    )
    report_wording = models.CharField(
        "ce que dit le rapport",
        max_length=300,
        help_text="Au milieu d’une phrase, sans majuscule ni point. Exemple : « des voisin·e·s ».",
    )
    report_wording_full = models.CharField(
        "le même, en formes complètes",
        max_length=300,
        blank=True,
        help_text="Seulement s’il y a un point médian. Exemple : « des voisins et voisines ».",
    )
    polarity = models.CharField(
        "sens",
        max_length=10,
        choices=Polarity.choices(),
        blank=True,
        help_text="Vide : celui de la question. Exemple : « Effet négatif » pour « du stress ».",
    )
    silent = models.BooleanField(
        "le rapport n’en dit rien", default=False, help_text="Exemple : « Nous ne savons pas »."
    )
    retired = models.BooleanField(
        "retirée",
        default=False,
        help_text="N’est plus proposée ; les réponses données restent. "
        "Exemple : un public que plus aucun lieu ne reçoit.",
    )

    # Codes of what it became, in the same question or vocabulary: one when it was merged, several
    # when it was split. Answers of other years are followed through it.
    successors = models.JSONField("devient", default=list, blank=True, editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(question__isnull=True, vocabulary__isnull=False)
                | models.Q(question__isnull=False, vocabulary__isnull=True),
                name="category_has_one_home",
                violation_error_message="Une catégorie est à une question ou à un vocabulaire.",
            ),
            models.UniqueConstraint(
                fields=["question", "code"],
                name="category_code_unique_in_question",
                violation_error_message="Ce code existe déjà dans cette question.",
            ),
            models.UniqueConstraint(
                fields=["vocabulary", "code"],
                name="category_code_unique_in_vocabulary",
                violation_error_message="Ce code existe déjà dans ce vocabulaire.",
            ),
        )

    def __str__(self) -> str:
        return self.form_label
