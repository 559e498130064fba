using Dify.Web.Components.Pages.Studio;
using Xunit;

namespace Dify.Tests.Web.Components.Studio;

public sealed class VariableRulesTests
{
    [Theory]
    [InlineData("", "Variable.Name.Empty")]
    [InlineData("1st", "Variable.Name.Form")]
    [InlineData("with space", "Variable.Name.Form")]
    [InlineData("über", "Variable.Name.Form")]
    [InlineData("taken", "Variable.Name.Taken")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234_", "Variable.Name.Long")]
    [InlineData("_fine_2", null)]
    public void A_name_is_an_identifier_of_at_most_64_characters_used_once(string name, string? error) =>
        Assert.Equal(error, VariableRules.CheckName(name, ["taken"]));

    [Theory]
    [InlineData("text-input", null, "Variable.MaxLength.Range")]
    [InlineData("text-input", 0, "Variable.MaxLength.Range")]
    [InlineData("text-input", 257, "Variable.MaxLength.Range")]
    [InlineData("text-input", 256, null)]
    [InlineData("paragraph", null, null)]
    [InlineData("paragraph", 0, "Variable.MaxLength.Positive")]
    [InlineData("number", null, null)]
    public void A_short_text_has_up_to_256_characters_and_a_paragraph_may_be_unlimited(string kind, int? length, string? error) =>
        Assert.Equal(error, VariableRules.CheckMaxLength(kind, length));

    [Theory]
    [InlineData("", "Variable.Options.None")]
    [InlineData("a|", "Variable.Options.Empty")]
    [InlineData("a|a", "Variable.Options.Twice")]
    [InlineData("a|b", null)]
    public void A_select_needs_different_options(string options, string? error) =>
        Assert.Equal(error, VariableRules.CheckOptions("select", options.Length == 0 ? [] : options.Split('|')));

    [Theory]
    [InlineData("number", "1,5x", "Variable.Default.Number")]
    [InlineData("number", "1.5", null)]
    [InlineData("select", "c", "Variable.Default.Option")]
    [InlineData("select", "b", null)]
    [InlineData("text-input", "abcdef", "Variable.Default.Long")]
    public void A_default_has_to_be_a_value_that_the_field_accepts(string kind, string value, string? error) =>
        Assert.Equal(error, VariableRules.CheckDefault(kind, value, 5, ["a", "b"]));

    [Theory]
    [InlineData("number", "2.5", "2.5")]
    [InlineData("checkbox", "true", "true")]
    [InlineData("text-input", "hello", "\"hello\"")]
    public void A_default_is_stored_with_the_type_of_its_field_and_read_back(string kind, string value, string json)
    {
        var stored = VariableRules.ToDefault(kind, value);
        Assert.Equal(json, stored!.Value.GetRawText());
        Assert.Equal(value, VariableRules.FromDefault(stored));
    }
}
