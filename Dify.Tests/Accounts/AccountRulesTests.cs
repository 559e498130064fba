using Dify.Core.Accounts;
using Xunit;

namespace Dify.Tests.Accounts;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("a@example.com", true)]
    [InlineData("first.last+tag@sub.example.co", true)]
    [InlineData("o'brien@example.com", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a", false)]
    [InlineData("a@b", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("a@example.com\n", false)]
    [InlineData("a@example.com\r\nBcc: x@example.com", false)]
    [InlineData("<a@example.com>", false)]
    [InlineData("a@@example.com", false)]
    public void An_address_is_told_from_what_is_none(string? text, bool expected) =>
        Assert.Equal(expected, AccountRules.IsEmail(text));

    [Theory]
    [InlineData("abcd1234", true)]
    [InlineData("1234567a", true)]
    [InlineData("a b c d 1", true)]
    [InlineData("abcdefgh", false)]
    [InlineData("12345678", false)]
    [InlineData("abc1234", false)]
    [InlineData("        ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_password_has_eight_characters_with_a_letter_and_a_digit(string? text, bool expected) =>
        Assert.Equal(expected, AccountRules.IsPassword(text));

    [Fact]
    public void An_endless_address_is_refused_quickly() =>
        Assert.False(AccountRules.IsEmail(new string('a', 100_000) + "@example.com"));
}
