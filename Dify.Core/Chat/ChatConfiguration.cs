using Dify.Core.Apps;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Chat;

public static class ChatSets
{
    extension(DifyDbContext db)
    {
        public DbSet<EndUser> EndUsers => db.Set<EndUser>();

        public DbSet<Conversation> Conversations => db.Set<Conversation>();

        public DbSet<Message> Messages => db.Set<Message>();

        public DbSet<ConversationVariable> ConversationVariables => db.Set<ConversationVariable>();
    }
}

internal sealed class ChatConfiguration :
    IEntityTypeConfiguration<EndUser>, IEntityTypeConfiguration<Conversation>, IEntityTypeConfiguration<Message>,
    IEntityTypeConfiguration<ConversationVariable>
{
    public void Configure(EntityTypeBuilder<EndUser> builder)
    {
        builder.ToTable("end_users");
        builder.Property(u => u.Type).HasMaxLength(20);
        builder.Property(u => u.SessionId).HasMaxLength(255);
        builder.HasIndex(u => new { u.AppId, u.Type, u.SessionId }).IsUnique();
        builder.HasOne<App>().WithMany().HasForeignKey(u => u.AppId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Conversation> builder)
    {
        builder.ToTable("conversations");
        builder.Property(c => c.Name).HasMaxLength(255);
        builder.Property(c => c.Inputs).HasJsonConversion();
        builder.HasIndex(c => new { c.AppId, c.EndUserId, c.UpdatedAt });
        builder.HasIndex(c => new { c.AppId, c.AccountId, c.UpdatedAt });
        builder.HasOne<App>().WithMany().HasForeignKey(c => c.AppId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Message> builder)
    {
        builder.ToTable("messages");
        builder.Property(m => m.Inputs).HasJsonConversion();
        builder.Property(m => m.Files).HasJsonConversion();
        builder.Property(m => m.Status).HasConversion<string>().HasMaxLength(20);
        builder.Property(m => m.InvokeFrom).HasMaxLength(20);
        builder.Property(m => m.Usage).HasJsonConversion();
        builder.Property(m => m.Citations).HasJsonConversion();
        builder.HasIndex(m => new { m.ConversationId, m.CreatedAt });
        builder.HasIndex(m => m.RunId);
        builder.HasIndex(m => new { m.Status, m.AliveAt });
        builder.HasOne<Conversation>().WithMany().HasForeignKey(m => m.ConversationId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ConversationVariable> builder)
    {
        builder.ToTable("conversation_variables");
        builder.Property(v => v.Name).HasMaxLength(255);
        builder.Property(v => v.ValueType).HasMaxLength(30);
        builder.HasIndex(v => new { v.ConversationId, v.Name }).IsUnique();
        builder.HasOne<Conversation>().WithMany().HasForeignKey(v => v.ConversationId).OnDelete(DeleteBehavior.Cascade);
    }
}
